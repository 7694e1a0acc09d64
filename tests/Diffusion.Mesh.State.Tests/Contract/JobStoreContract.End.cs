namespace Diffusion.Mesh.State.Tests;

/// <content>Ends, cancellation and what is left.</content>
public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Complete_Repeated_IsTakenOnce()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();

        Assert.True(await Store.CompleteAsync(job.Id, 1, Jobs.Done("one", "two"), default));
        Assert.True(await Store.CompleteAsync(job.Id, 1, Jobs.Done("three"), default));

        var info = (await Store.GetAsync(Jobs.Tenant, job.Id, default))!;
        Assert.Equal((JobState.Done, 2, 20), (info.State, info.Results, info.Completed));
        Assert.Equal("one", Jobs.Text(await Store.ReadResultAsync(Jobs.Tenant, job.Id, 0, default)));
        Assert.Equal("two", Jobs.Text(await Store.ReadResultAsync(Jobs.Tenant, job.Id, 1, default)));
        Assert.Null(await Store.ReadResultAsync(Jobs.Tenant, job.Id, 2, default));
        Assert.Null(await Store.ReadResultAsync("bob", job.Id, 0, default));
        Assert.Equal("two", Jobs.Text(await Store.ReadAnyResultAsync(job.Id, 1, default)));
        Assert.Null(await Store.ReadAnyResultAsync(job.Id, 2, default));
        Assert.Null(await Store.ReadAnyResultAsync("other", 0, default));
        Assert.True(info.Expires > info.Ended);
        Assert.Equal([job.Id], (await Store.RenewAsync(job)).Lost);
        Assert.False(await Store.ReleaseAsync(job.Id, 1, default));
        Assert.Empty(await Store.ClaimAsync(1));
    }

    [Fact]
    public async Task SigningKey_AskedAgain_IsTheSame()
    {
        var key = await Store.SigningKeyAsync(default);

        Assert.Equal(JobStoreLimits.SigningKeyBytes, key.Length);
        Assert.Contains(key.ToArray(), part => part != 0);
        Assert.Equal(key.ToArray(), (await Store.SigningKeyAsync(default)).ToArray());
    }

    [Fact]
    public async Task Complete_Failure_KeepsStatusAndDetail()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        var end = new JobEnd { State = JobState.Failed, Status = 9, Detail = "Three workers died of it.", Retention = TimeSpan.FromMinutes(1) };

        await Store.CompleteAsync(job.Id, 1, end, default);

        var info = (await Store.GetAsync(Jobs.Tenant, job.Id, default))!;
        Assert.Equal((JobState.Failed, 9, end.Detail), (info.State, info.Status, info.Detail));
    }

    [Fact]
    public async Task Complete_AfterItsRetention_NothingIsLeft()
    {
        var submission = Jobs.Submission() with { RequestId = "wish" };
        await Store.AcceptedAsync(submission);
        await Store.ClaimOneAsync();

        await Store.CompleteAsync(submission.Id, 1, Jobs.Done("picture") with { Retention = TimeSpan.FromMilliseconds(100) }, default);
        await Jobs.EventuallyAsync(async () => await Store.GetAsync(Jobs.Tenant, submission.Id, default) is null);

        Assert.Null(await Store.ReadResultAsync(Jobs.Tenant, submission.Id, 0, default));
        Assert.Empty((await Store.ListAsync(Jobs.Tenant, null, 10, "", default)).Jobs);
        await Store.AcceptedAsync(submission with { Id = "again" });
    }

    [Fact]
    public async Task Active_AllTenants_AreRunningFirstWithTheirOwner()
    {
        var running = await Store.AcceptedAsync(Jobs.Submission());
        await Store.ClaimOneAsync(owner: "somebody");
        var ended = await Store.AcceptedAsync(Jobs.Submission());
        await Store.CancelAsync(Jobs.Tenant, ended, default);
        var queued = await Store.AcceptedAsync(Jobs.Submission(tenant: "bob"));
        await Store.AcceptedAsync(Jobs.Submission(tenant: "bob"));

        var active = await Store.ActiveAsync(10, default);

        Assert.Equal(3, active.Count);
        Assert.Equal((running, Jobs.Tenant, JobState.Running, "somebody"), (active[0].Info.Id, active[0].Info.Tenant, active[0].Info.State, active[0].Owner));
        Assert.Equal((queued, "bob", JobState.Queued, ""), (active[1].Info.Id, active[1].Info.Tenant, active[1].Info.State, active[1].Owner));
        Assert.Equal(2, (await Store.ActiveAsync(1, default)).Count);
    }

    [Fact]
    public async Task Cancel_QueuedJob_EndsAtOnce()
    {
        var id = await Store.AcceptedAsync(Jobs.Submission());
        var other = await Store.AcceptedAsync(Jobs.Submission());

        Assert.True(await Store.CancelAsync(Jobs.Tenant, id, default));

        var (_, end) = await Store.WatchToEndAsync(id);
        Assert.Equal((JobState.Cancelled, 1), (end.State, end.Status));
        Assert.Equal(other, Assert.Single(await Store.ClaimAsync(10)).Id);
        Assert.False(await Store.CancelAsync(Jobs.Tenant, id, default));
    }

    [Fact]
    public async Task EndedAlone_DeadlineOrCancellationWithoutAnOwner_IsTold()
    {
        var ends = new List<StoreEnd>();
        Store.EndedAlone += ends.Add;
        await Store.AcceptedAsync(Jobs.Submission("late") with { Deadline = DateTimeOffset.UtcNow.AddMilliseconds(200) });
        var unwanted = await Store.AcceptedAsync(Jobs.Submission("unwanted", "bob") with { Model = "other@2" });
        await Store.CancelAsync("bob", unwanted, default);
        await Jobs.EventuallyAsync(async () => await Store.ClaimAsync(0) is [] && await Store.StateAsync("late") == JobState.Failed);
        await Store.AcceptedAsync(Jobs.Submission("well"));
        var job = await Store.ClaimOneAsync();
        await Store.CancelAsync(Jobs.Tenant, job.Id, default);
        await Store.CompleteAsync(job.Id, 1, Jobs.Done("its owner ended it"), default);

        Assert.Equal(
            [("bob", "other@2", JobState.Cancelled, 1), (Jobs.Tenant, "shapes@1", JobState.Failed, 4)],
            ends.Select(end => (end.Tenant, end.Model, end.State, end.Status)));
        Assert.True(ends[1].Lasted > TimeSpan.Zero);
    }

    [Fact]
    public async Task Claim_AfterAnOwnerThatToldMoreThanItKept_KnowsBoth()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        await Store.CheckpointAsync(job.Id, 1, Jobs.Bytes("state"), 5, [], default);
        await Store.RenewAsync(job, completed: 8);
        await Store.ReleaseAsync(job.Id, 1, default);

        var next = await Store.ClaimOneAsync(owner: "two");

        Assert.Equal((0, 0), (job.Position, job.Completed));
        Assert.Equal((5, 8), (next.Position, next.Completed));
    }

    [Fact]
    public async Task Cancel_RunningJob_TellsItsOwnerAtOnceAndByRenewal()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var cancellations = Store.CancellationsAsync(patience.Token).GetAsyncEnumerator();
        var next = cancellations.MoveNextAsync();

        // The first may come before the channel is followed.
        do
            Assert.True(await Store.CancelAsync(Jobs.Tenant, job.Id, default));
        while (!next.IsCompleted && !await SoonAsync(() => next.IsCompleted));

        Assert.True(await next);
        Assert.Equal(job.Id, cancellations.Current);
        Assert.Equal([job.Id], (await Store.RenewAsync(job)).CancelRequested);
        Assert.True((await Store.GetAsync(Jobs.Tenant, job.Id, default))!.CancelRequested);
        Assert.True(await Store.CompleteAsync(job.Id, 1, new JobEnd { State = JobState.Cancelled, Status = 1, Retention = TimeSpan.FromMinutes(1) }, default));
        Assert.Equal(JobState.Cancelled, await Store.StateAsync(job.Id));
    }

    [Fact]
    public async Task Cancel_RunningJobWhoseOwnerDies_IsEndedAndNotTakenOver()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync(TimeSpan.FromMilliseconds(500));

        Assert.True(await Store.CancelAsync(Jobs.Tenant, job.Id, default));
        await Jobs.EventuallyAsync(async () => await Store.ClaimAsync(1, owner: "two") is [] && await Store.StateAsync(job.Id) == JobState.Cancelled);

        Assert.False(await Store.CompleteAsync(job.Id, 1, Jobs.Done("late"), default));
    }

    [Fact]
    public async Task Cancel_ReleasedJob_EndsAtOnce()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        await Store.ReleaseAsync(job.Id, 1, default);

        Assert.True(await Store.CancelAsync(Jobs.Tenant, job.Id, default));

        Assert.Equal(JobState.Cancelled, await Store.StateAsync(job.Id));
        Assert.Empty(await Store.ClaimAsync(1));
    }

    [Fact]
    public async Task Cancel_ByAnotherTenantOrOfNothing_FindsNothing()
    {
        var id = await Store.AcceptedAsync(Jobs.Submission());

        Assert.False(await Store.CancelAsync("bob", id, default));
        Assert.False(await Store.CancelAsync(Jobs.Tenant, "nothing", default));
        Assert.Null(await Store.GetAsync("bob", id, default));
        Assert.Equal(JobState.Queued, await Store.StateAsync(id));
    }

    [Fact]
    public async Task List_PagesGoBackInTimeAndByState()
    {
        for (var i = 0; i < 5; i++)
            await Store.AcceptedAsync(Jobs.Submission($"j{i}"));
        await Store.ClaimAsync(2);
        await Store.AcceptedAsync(Jobs.Submission("foreign", "bob"));

        var first = await Store.ListAsync(Jobs.Tenant, null, 3, "", default);
        var second = await Store.ListAsync(Jobs.Tenant, null, 3, first.NextPageToken, default);
        var running = await Store.ListAsync(Jobs.Tenant, JobState.Running, 10, "", default);

        Assert.Equal(["j4", "j3", "j2"], first.Jobs.Select(job => job.Id));
        Assert.Equal(["j1", "j0"], second.Jobs.Select(job => job.Id));
        Assert.Equal(["j1", "j0"], running.Jobs.Select(job => job.Id));
        Assert.Empty(second.NextPageToken);
        await Assert.ThrowsAsync<FormatException>(() => Store.ListAsync(Jobs.Tenant, null, 3, "x", default));
    }

    [Fact]
    public async Task WaitForWork_Submission_WakesWhoWaits()
    {
        // Followed before; a hint that came already is used up.
        await Store.WaitForWorkAsync(TimeSpan.FromMilliseconds(1), default);
        var waiting = Store.WaitForWorkAsync(TimeSpan.FromMinutes(5), default);
        do
            await Store.AcceptedAsync(Jobs.Submission());
        while (!await SoonAsync(() => waiting.IsCompleted));

        await waiting;
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WaitForWorkAsync(TimeSpan.FromMinutes(5), stop.Token));
    }

    private static async Task<bool> SoonAsync(Func<bool> holds)
    {
        for (var i = 0; i < 50 && !holds(); i++)
            await Task.Delay(10);
        return holds();
    }
}
