using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Net.Client;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>The four services in this process with the default model, started once.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public const string Collection = "cluster";

    private EmbeddedCluster? _cluster;

    public ErrorLog Log { get; } = new();

    public Uri Address => _cluster!.Address;

    /// <summary>Where HTTP/1.1 is served.</summary>
    public Uri Console => _cluster!.Console!;

    public GrpcChannel Channel { get; private set; } = null!;

    public Generation.GenerationClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = new ServiceOptions
        {
            Grpc = ListenAddress.AnyLoopback,
            Http = ListenAddress.AnyLoopback,
            Models = RunningService.Models,
            Name = "embedded",
            // Small enough for a test to go beyond each without painting anything large.
            MaxSide = 512,
            MaxPixels = 256 * 256,
        };
        _cluster = await EmbeddedCluster.StartAsync(options, Log.Attach, Patience.Token);
        Channel = RunningService.Open(_cluster.Address);
        Client = new Generation.GenerationClient(Channel);
    }

    public async Task DisposeAsync()
    {
        Channel?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        Log.AssertNoErrors();
    }
}

[CollectionDefinition(ClusterFixture.Collection)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
}

/// <summary>A test against the shared cluster, which must not have logged an error after it.</summary>
[Collection(ClusterFixture.Collection)]
public abstract class ClusterTest(ClusterFixture cluster) : IDisposable
{
    private protected ClusterFixture Cluster => cluster;

    private protected Generation.GenerationClient Client => cluster.Client;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        cluster.Log.AssertNoErrors();
    }
}
