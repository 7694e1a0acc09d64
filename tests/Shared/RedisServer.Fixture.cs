namespace Diffusion.Mesh.Testing;

/// <content>As a fixture.</content>
public sealed partial class RedisServer : Xunit.IAsyncLifetime;
