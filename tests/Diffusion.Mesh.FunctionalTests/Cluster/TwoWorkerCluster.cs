using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A whole cluster, started once for the tests that leave it as it is: redis-server, and four services with two UNet workers.</summary>
public sealed class TwoWorkerCluster : IAsyncLifetime
{
    private RedisServer? _redis;
    private MeshCluster? _mesh;

    internal MeshCluster Mesh => _mesh!;

    public async Task InitializeAsync()
    {
        _redis = await Redis.StartAsync();
        _mesh = await MeshCluster.StartAsync(unets: 2, redis: _redis.Address);
    }

    public async Task DisposeAsync()
    {
        if (_mesh is not null)
            await _mesh.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }
}
