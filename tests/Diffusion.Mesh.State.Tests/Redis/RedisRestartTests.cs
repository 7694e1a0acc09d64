using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.State.Tests;

/// <summary>A Redis that is killed and comes back: nothing that it confirmed is lost, and owners go on.</summary>
public sealed class RedisRestartTests : IAsyncLifetime
{
    private readonly RedisServer _server = RedisServer.Durable();
    private RedisConnection? _connection;
    private RedisJobStore? _store;

    private RedisJobStore Store => _store!;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _connection = _server.Connect();
        _store = new RedisJobStore(_connection, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await _connection!.AssertAllKeysExpireAsync();
        await _store!.DisposeAsync();
        await _connection!.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Write_WhileRedisIsAway_IsDoneWhenItIsBack()
    {
        await Store.AcceptedAsync(Jobs.Submission("running"));
        await Store.AcceptedAsync(Jobs.Submission("waiting"));
        var job = await Store.ClaimOneAsync();
        Assert.True(await Store.CheckpointAsync(job.Id, 1, Jobs.Bytes("state 5"), 5, [], default));
        var watched = Store.WatchToEndAsync(job.Id);

        await _server.StopAsync();
        var checkpoint = Store.CheckpointAsync(job.Id, 1, Jobs.Bytes("state 10"), 10, [], default);
        Assert.True(await Store.PublishTransientAsync(job.Id, 1, Jobs.Event("step", 2), default));
        await Assert.ThrowsAsync<StateUnavailableException>(() => Store.ClaimAsync(1));
        await _server.StartAgainAsync();

        Assert.True(await checkpoint);
        Assert.Empty((await Store.RenewAsync(job)).Lost);
        Assert.True(await Store.PublishAsync(job.Id, 1, Jobs.Event("image:0", 3), default));
        Assert.True(await Store.CompleteAsync(job.Id, 1, Jobs.Done("picture"), default));
        var (events, end) = await watched;
        Assert.Equal(["queued", "image:0"], events.Select(news => news.Slot));
        Assert.Equal(JobState.Done, end.State);
        Assert.Equal("picture", Jobs.Text(await Store.ReadResultAsync(Jobs.Tenant, job.Id, 0, default)));
        Assert.Equal("waiting", (await Store.ClaimOneAsync()).Id);
    }

    [Fact]
    public async Task Claim_LeasesThatRanOutWhileRedisWasAway_AreGivenOnceMore()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync(JobStoreLimits.ShortestLease);
        await _server.StopAsync();
        // Longer than claims are apart, so that somebody must have come if Redis had been there.
        await Task.Delay(JobStoreLimits.ClaimInterval * 2.5);
        await _server.StartAgainAsync();

        await Jobs.EventuallyAsync(async () =>
        {
            try
            {
                return await Store.ClaimAsync(1, owner: "two") is [];
            }
            catch (StateUnavailableException)
            {
                return false;
            }
        });

        Assert.Empty((await Store.RenewAsync(job)).Lost);
        await Store.ReleaseAsync(job.Id, 1, default);
        Assert.Equal(2, (await Store.ClaimOneAsync(owner: "two")).Epoch);
    }

    [Fact]
    public async Task Claim_OwnerThatDiedWhileRedisWasAway_IsReplacedAfterOneMoreLease()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        await Store.ClaimOneAsync(JobStoreLimits.ShortestLease);
        await Task.Delay(JobStoreLimits.ClaimInterval * 2.5);

        Assert.Empty(await Store.ClaimAsync(1, JobStoreLimits.ShortestLease, "two"));
        Assert.Equal(2, (await Store.ClaimSoonAsync("two")).Epoch);
    }

    [Fact]
    public async Task Signals_AfterARestart_GoOn()
    {
        await Store.WaitForWorkAsync(TimeSpan.FromMilliseconds(1), default);
        await _server.StopAsync();
        await _server.StartAgainAsync();
        var woken = Store.WaitForWorkAsync(TimeSpan.FromMinutes(5), default);

        await Jobs.EventuallyAsync(async () =>
        {
            try
            {
                await Store.SubmitAsync(Jobs.Submission(), default);
            }
            catch (StateUnavailableException)
            {
            }

            return woken.IsCompleted;
        });

        await woken;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Complete_TenSecondsOfAbsence_IsSurvived(bool hangs)
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync(TimeSpan.FromSeconds(5));
        var watched = Store.WatchToEndAsync(job.Id);

        await (hangs ? _server.PauseAsync() : _server.StopAsync());
        var completed = Store.CompleteAsync(job.Id, 1, Jobs.Done("picture"), default);
        await Assert.ThrowsAsync<StateUnavailableException>(() => Store.SubmitAsync(Jobs.Submission(), default));
        await Task.Delay(TimeSpan.FromSeconds(7));
        await (hangs ? _server.ResumeAsync() : _server.StartAgainAsync());

        Assert.True(await completed);
        Assert.Equal(1, (await watched).End.Results);
        Assert.Equal("picture", Jobs.Text(await Store.ReadResultAsync(Jobs.Tenant, job.Id, 0, default)));
    }

    [Fact]
    public async Task Signals_FollowedWhileRedisWasAway_Come()
    {
        await _server.StopAsync();
        await using var connection = _server.Connect();
        await using var late = new RedisJobStore(connection, TimeProvider.System);
        await late.WaitForWorkAsync(TimeSpan.FromMilliseconds(1), default);
        await _server.StartAgainAsync();
        var woken = late.WaitForWorkAsync(TimeSpan.FromMinutes(5), default);

        await Jobs.EventuallyAsync(async () =>
        {
            try
            {
                await Store.SubmitAsync(Jobs.Submission(), default);
            }
            catch (StateUnavailableException)
            {
            }

            return woken.IsCompleted;
        });

        await woken;
    }
}
