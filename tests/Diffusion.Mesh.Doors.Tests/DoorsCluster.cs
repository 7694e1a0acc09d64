using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Identity;

namespace Diffusion.Mesh.Doors.Tests;

/// <summary>
/// <c>mesh serve</c> as a newcomer starts it, with a file of keys: calls from this machine need none. One for all doors' tests. Errors in its log fail the last test.
/// </summary>
public sealed class DoorsCluster : IAsyncLifetime
{
    public const string Collection = "doors";

    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _server;

    /// <summary>Where HTTP/1.1 is served.</summary>
    public Uri Http { get; private set; } = null!;

    /// <summary>Where gRPC is served, in cleartext.</summary>
    public Uri Grpc { get; private set; } = null!;

    /// <summary>The file of keys.</summary>
    public string Keys => _folder.File("keys.json");

    /// <summary>Makes a key, which servers know within a second.</summary>
    /// <returns>As its holder sends it.</returns>
    public string AddKey(string tenant, Quotas? quotas = null, params string[] models)
    {
        var key = ApiKey.Create();
        var hash = KeyHash.Of(key.Secret);
        var entry = new KeyEntry { Id = key.Id, Salt = hash.Salt, Hash = hash.Hash, Tenant = tenant, Models = models, Quotas = quotas ?? Quotas.None };
        KeyFile.Change(Keys, keys => [.. keys, entry]);
        return key.Text();
    }

    public async Task InitializeAsync()
    {
        AddKey("first");
        var grpc = $"127.0.0.1:{FreePort.Next()}";
        _server = DotNet.Start(Executables.Mesh, ["serve", "--grpc", grpc, "--health", "none", "--http", "127.0.0.1:0", "--keys", Keys]);
        Grpc = new Uri($"http://{grpc}");
        Http = new Uri((await _server.ErrorLineAsync("Console at ")).Split("Console at ")[1].Trim());
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
        Assert.DoesNotContain("fail:", _server?.Error ?? "", StringComparison.Ordinal);
    }
}

[CollectionDefinition(DoorsCluster.Collection)]
public sealed class DoorsClusterDefinition : ICollectionFixture<DoorsCluster>
{
}
