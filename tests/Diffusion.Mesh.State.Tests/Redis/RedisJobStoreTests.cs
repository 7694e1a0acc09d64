namespace Diffusion.Mesh.State.Tests;

/// <summary>The contract over a real Redis that keeps everything; after each test every key has a time-to-live.</summary>
public sealed class RedisJobStoreTests(DurableRedis server) : JobStoreContract, IClassFixture<DurableRedis>
{
    private RedisConnection? _connection;
    private RedisJobStore? _store;

    private protected override IJobStore Store => _store!;

    public override Task InitializeAsync()
    {
        // Keys of its own for each test.
        _connection = server.Connect($"test:{Guid.NewGuid():N}");
        _store = new RedisJobStore(_connection, TimeProvider.System);
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await _connection!.AssertAllKeysExpireAsync();
        await _store!.DisposeAsync();
        await _connection!.DisposeAsync();
    }
}
