namespace Diffusion.Mesh.Chaos.Tests;

/// <summary>A cluster for all tests of a class: each leaves it whole.</summary>
public sealed class WholeCluster : IAsyncLifetime
{
    private readonly DirectoryInfo _logs = Directory.CreateTempSubdirectory("mesh-faults-");
    private Cluster? _cluster;

    internal Cluster Cluster => _cluster!;

    /// <summary>What each wish's pictures are without any fault.</summary>
    internal IReadOnlyList<string> Expected { get; private set; } = [];

    public async Task InitializeAsync()
    {
        _cluster = await Cluster.StartAsync(_logs.FullName);
        Expected = await Wishes.ExpectedAsync(_cluster.Servers.First());
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _logs.Delete(recursive: true);
    }
}
