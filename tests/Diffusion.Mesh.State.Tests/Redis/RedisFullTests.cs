using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.State.Tests;

/// <summary>A Redis whose memory is full: new work is refused, and running work ends.</summary>
public sealed class RedisFullTests : IAsyncLifetime
{
    private readonly RedisServer _server = RedisServer.With("--maxmemory", "8mb", "--maxmemory-policy", "noeviction");

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Submit_FullMemory_IsRefusedWhileRunningWorkEnds()
    {
        await using var connection = _server.Connect();
        await using var store = new RedisJobStore(connection, TimeProvider.System);
        await store.AcceptedAsync(Jobs.Submission("running"));
        await store.AcceptedAsync(Jobs.Submission("waiting"));
        var job = await store.ClaimOneAsync();
        SubmitResult refused;
        var large = new byte[512 << 10];
        do
            refused = await store.SubmitAsync(Jobs.Submission() with { Spec = large }, default);
        while (refused.Outcome == SubmitOutcome.Accepted);

        Assert.Equal(SubmitOutcome.StoreFull, refused.Outcome);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        Assert.Empty((await store.RenewAsync(job)).Lost);
        Assert.True(await store.CheckpointAsync(job.Id, 1, large, 5, [], default));
        Assert.True(await store.PublishAsync(job.Id, 1, Jobs.Event("image:0", 2), default));
        Assert.True(await store.PublishTransientAsync(job.Id, 1, Jobs.Event("step", 3), default));
        Assert.True(await store.CompleteAsync(job.Id, 1, Jobs.Done(new string('p', 1 << 20)), default));
        Assert.Equal(1 << 20, (await store.ReadResultAsync(Jobs.Tenant, job.Id, 0, default))!.Value.Length);
        Assert.Equal("waiting", (await store.ClaimOneAsync()).Id);
        Assert.NotNull(await store.GetAsync(Jobs.Tenant, "waiting", default));
        Assert.True(await store.CancelAsync(Jobs.Tenant, "waiting", default));
        Assert.Equal(JobState.Done, (await store.WatchToEndAsync(job.Id)).End.State);
        await connection.AssertAllKeysExpireAsync();
    }
}
