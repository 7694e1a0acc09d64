namespace Diffusion.Mesh.State.Tests;

/// <content>Leases and epochs.</content>
public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Claim_QueuedJob_GivesEverythingUnderTheFirstEpoch()
    {
        var submission = Jobs.Submission() with { TraceParent = "00-1-2-01", TraceState = "a=b", Spec = new byte[] { 0, 255, 10, 13 } };
        await Store.AcceptedAsync(submission);

        var job = await Store.ClaimOneAsync();

        Assert.Equal((submission.Id, Jobs.Tenant, 1L), (job.Id, job.Tenant, job.Epoch));
        Assert.Equal(submission.Spec.ToArray(), job.Spec.ToArray());
        Assert.Equal(("00-1-2-01", "a=b"), (job.TraceParent, job.TraceState));
        Assert.Equal((JobSequence.First, 0, 0), (job.LastSequence, job.Position, job.Kills));
        Assert.Null(job.Checkpoint);
        Assert.Equal(JobState.Running, await Store.StateAsync(job.Id));
        Assert.Empty(await Store.ClaimAsync(10));
    }

    [Fact]
    public async Task Claim_ManyOwnersAtOnce_GivesEachJobToOne()
    {
        for (var i = 0; i < 20; i++)
            await Store.AcceptedAsync(Jobs.Submission());

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Store.ClaimAsync(3, owner: $"owner-{i}"))));

        Assert.Equal(20, claims.Sum(jobs => jobs.Count));
        Assert.Equal(20, claims.SelectMany(jobs => jobs).Select(job => job.Id).Distinct().Count());
    }

    [Fact]
    public async Task Claim_ExpiredLease_IsTakenOverByOneFromTheLastCheckpoint()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var first = await Store.ClaimOneAsync(Jobs.ShortLease);
        Assert.True(await Store.CheckpointAsync(first.Id, first.Epoch, Jobs.Bytes("state 5"), 5, [], default));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var taken = new List<ClaimedJob>();

        while (taken.Count == 0)
        {
            var claims = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => Store.ClaimAsync(1, owner: $"racer-{i}"), patience.Token)));
            taken.AddRange(claims.SelectMany(jobs => jobs));
            await Task.Delay(10, patience.Token);
        }

        var second = Assert.Single(taken);
        Assert.Equal((first.Id, 2L, 5, "state 5"), (second.Id, second.Epoch, second.Position, Jobs.Text(second.Checkpoint)));
        Assert.Equal(first.Spec.ToArray(), second.Spec.ToArray());
        Assert.Equal(first.Started, second.Started);
        Assert.True(second.LastSequence >= 1L << 32);
    }

    [Fact]
    public async Task Write_AfterATakeOver_IsRefusedAndLeavesNothing()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var first = await Store.ClaimOneAsync(Jobs.ShortLease);
        await Store.CheckpointAsync(first.Id, first.Epoch, Jobs.Bytes("state 5"), 5, [], default);
        var second = await Store.ClaimSoonAsync("two");

        Assert.Equal([first.Id], (await Store.RenewAsync(first)).Lost);
        Assert.False(await Store.CheckpointAsync(first.Id, first.Epoch, Jobs.Bytes("state 9"), 9, [], default));
        Assert.False(await Store.PublishAsync(first.Id, first.Epoch, Jobs.Event("late", 9), default));
        Assert.False(await Store.PublishTransientAsync(first.Id, first.Epoch, Jobs.Event("late", 10), default));
        Assert.False(await Store.ReleaseAsync(first.Id, first.Epoch, default));
        Assert.Null(await Store.ReportKillAsync(first.Id, first.Epoch, 1, default));
        Assert.False(await Store.CompleteAsync(first.Id, first.Epoch, Jobs.Done("late picture") with { Events = [Jobs.Event("done", 11)] }, default));

        Assert.Null(await Store.ReadResultAsync(Jobs.Tenant, first.Id, 0, default));
        Assert.Empty((await Store.RenewAsync(second)).Lost);
        Assert.True(await Store.CompleteAsync(second.Id, second.Epoch, Jobs.Done("picture"), default));
        var (events, end) = await Store.WatchToEndAsync(first.Id);
        Assert.Equal(["queued"], events.Select(news => news.Slot));
        Assert.Equal((JobState.Done, 1), (end.State, end.Results));
        Assert.Equal("picture", Jobs.Text(await Store.ReadResultAsync(Jobs.Tenant, first.Id, 0, default)));
    }

    [Fact]
    public async Task Renew_ExpiredLeaseThatNobodyTook_GoesOn()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync(JobStoreLimits.ShortestLease);
        await Task.Delay(JobStoreLimits.ShortestLease * 2);

        var renewed = await Store.RenewAsync(job, completed: 7);

        Assert.Empty(renewed.Lost);
        Assert.Empty(renewed.CancelRequested);
        Assert.Empty(await Store.ClaimAsync(1, owner: "two"));
        Assert.Equal(7, (await Store.GetAsync(Jobs.Tenant, job.Id, default))!.Completed);
    }

    [Fact]
    public async Task Renew_UnknownJob_IsLost() =>
        Assert.Equal(["nothing"], (await Store.RenewAsync("one", [new LeaseRenewal("nothing", 1, 0)], Jobs.Lease, default)).Lost);

    [Fact]
    public async Task Release_GivesTheJobToOthersAtOnceWithItsCheckpoint()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var first = await Store.ClaimOneAsync();
        await Store.CheckpointAsync(first.Id, 1, Jobs.Bytes("state"), 3, [], default);

        Assert.True(await Store.ReleaseAsync(first.Id, 1, default));
        Assert.True(await Store.ReleaseAsync(first.Id, 1, default));
        Assert.Equal([first.Id], (await Store.RenewAsync(first)).Lost);
        Assert.False(await Store.CheckpointAsync(first.Id, 1, Jobs.Bytes("late"), 4, [], default));
        var second = await Store.ClaimOneAsync(owner: "two");

        Assert.Equal((first.Id, 2L, 3, "state"), (second.Id, second.Epoch, second.Position, Jobs.Text(second.Checkpoint)));
        Assert.False(await Store.ReleaseAsync(first.Id, 1, default));
    }

    [Fact]
    public async Task Checkpoint_OlderThanTheStoredOne_IsIgnored()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        await Store.CheckpointAsync(job.Id, 1, Jobs.Bytes("ten"), 10, [], default);

        Assert.True(await Store.CheckpointAsync(job.Id, 1, Jobs.Bytes("five"), 5, [], default));
        await Store.ReleaseAsync(job.Id, 1, default);

        Assert.Equal("ten", Jobs.Text((await Store.ClaimOneAsync()).Checkpoint));
    }

    [Fact]
    public async Task ReportKill_CountsEachAttemptOnceUnderAllEpochs()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var id = (await Store.ClaimOneAsync()).Id;

        Assert.Equal(1, await Store.ReportKillAsync(id, 1, 1, default));
        Assert.Equal(1, await Store.ReportKillAsync(id, 1, 1, default));
        Assert.Equal(2, await Store.ReportKillAsync(id, 1, 2, default));
        await Store.ReleaseAsync(id, 1, default);
        Assert.Equal(2, (await Store.ClaimOneAsync()).Kills);
        Assert.Equal(3, await Store.ReportKillAsync(id, 2, 1, default));
    }

    [Fact]
    public async Task Claim_OwnerWithoutTheModel_LeavesTheJobToOthers()
    {
        await Store.AcceptedAsync(Jobs.Submission() with { Model = "a" });
        await Store.AcceptedAsync(Jobs.Submission() with { Model = "b" });

        Assert.Empty(await Store.ClaimAsync(new ClaimRequest("none", 5, Jobs.Lease, []), default));
        Assert.Empty(await Store.ClaimAsync(new ClaimRequest("other", 5, Jobs.Lease, ["c"]), default));
        var job = Assert.Single(await Store.ClaimAsync(new ClaimRequest("b", 5, Jobs.Lease, ["b", "c"]), default));
        await Store.ReleaseAsync(job.Id, 1, default);
        Assert.DoesNotContain(await Store.ClaimAsync(new ClaimRequest("a", 5, Jobs.Lease, ["a"]), default), claimed => claimed.Id == job.Id);
        Assert.Equal(job.Id, (await Store.ClaimOneAsync()).Id);
    }

    [Fact]
    public async Task Claim_PastTheDeadline_EndsTheJobAsFailed()
    {
        var late = Jobs.Submission() with { Deadline = DateTimeOffset.UtcNow.AddSeconds(-1) };
        await Store.AcceptedAsync(late);

        Assert.Empty(await Store.ClaimAsync(1));
        var (_, end) = await Store.WatchToEndAsync(late.Id);

        Assert.Equal((JobState.Failed, 4), (end.State, end.Status));
        Assert.Contains("deadline", end.Detail);
    }

    [Fact]
    public async Task Claim_RunningJobPastItsDeadline_IsItsOwnersUntilTheLeaseExpires()
    {
        var job = Jobs.Submission() with { Deadline = DateTimeOffset.UtcNow.AddMilliseconds(300) };
        await Store.AcceptedAsync(job);
        var claimed = await Store.ClaimOneAsync(TimeSpan.FromMilliseconds(400));

        await Jobs.EventuallyAsync(async () => await Store.ClaimAsync(1, owner: "two") is [] && await Store.StateAsync(job.Id) == JobState.Failed);

        Assert.Equal([job.Id], (await Store.RenewAsync(claimed)).Lost);
        Assert.False(await Store.CompleteAsync(job.Id, claimed.Epoch, Jobs.Done("late"), default));
        var counts = await Store.CountAsync(default);
        Assert.Equal((0, 0), (counts.Queued, counts.Running));
        Assert.Empty(counts.Tenants);
    }
}
