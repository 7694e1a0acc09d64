using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Starts a redis-server of a test's own.</summary>
internal static class Redis
{
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        await server.InitializeAsync();
        return server;
    }
}
