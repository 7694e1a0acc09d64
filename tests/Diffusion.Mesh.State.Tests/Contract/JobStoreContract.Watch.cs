namespace Diffusion.Mesh.State.Tests;

/// <content>Events.</content>
public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Watch_EndedJob_GivesTheKeptEventsAndTheEnd()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        await Store.PublishAsync(job.Id, 1, Jobs.Event("started", 2), default);
        await Store.PublishTransientAsync(job.Id, 1, Jobs.Event("step", 3), default);
        await Store.CheckpointAsync(job.Id, 1, Jobs.Bytes("state"), 5, [Jobs.Event("preview:0", 4)], default);
        await Store.CompleteAsync(job.Id, 1, Jobs.Done() with { Events = [Jobs.Event("image:0", 5), Jobs.Event("done", 6)] }, default);

        var (events, end) = await Store.WatchToEndAsync(job.Id);
        var (rest, _) = await Store.WatchToEndAsync(job.Id, after: 4);

        // Whether a step is kept is the store's affair.
        Assert.Equal(["queued", "started", "preview:0", "image:0", "done"], events.Where(news => news.Slot != "step").Select(news => news.Slot));
        Assert.Equal("done 6", Jobs.Text(events[^1].Payload));
        Assert.Equal([5L, 6L], rest.Select(news => news.Sequence));
        Assert.Equal(JobState.Done, end.State);
    }

    [Fact]
    public async Task Watch_RunningJob_GivesLiveEventsInOrderWithoutAGapOfKeptOnes()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        var readers = Enumerable.Range(0, 3).Select(_ => Store.WatchToEndAsync(job.Id)).ToArray();
        var sequence = job.LastSequence;

        for (var i = 0; i < 200; i++)
        {
            if (i % 20 == 19)
                Assert.True(await Store.PublishAsync(job.Id, 1, Jobs.Event($"image:{i}", ++sequence), default));
            else
                Assert.True(await Store.PublishTransientAsync(job.Id, 1, Jobs.Event("step", ++sequence), default));
        }

        await Store.CompleteAsync(job.Id, 1, Jobs.Done() with { Events = [Jobs.Event("done", ++sequence)] }, default);

        foreach (var (events, _) in await Task.WhenAll(readers))
        {
            Assert.Equal(events.Select(news => news.Sequence).Order().Distinct(), events.Select(news => news.Sequence));
            Assert.Equal(10, events.Count(news => news.Slot.StartsWith("image:", StringComparison.Ordinal)));
            Assert.Equal(("queued", "done"), (events[0].Slot, events[^1].Slot));
            Assert.All(events, news => Assert.Equal($"{news.Slot} {news.Sequence}", Jobs.Text(news.Payload)));
        }
    }

    [Fact]
    public async Task Watch_TransientEvent_ReachesWhoWatchesNow()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var updates = Store.WatchAsync(Jobs.Tenant, job.Id, JobSequence.First, patience.Token).GetAsyncEnumerator();
        var next = updates.MoveNextAsync();
        var sequence = job.LastSequence;

        do
            await Store.PublishTransientAsync(job.Id, 1, Jobs.Event("step", ++sequence), default);
        while (!await SoonAsync(() => next.IsCompleted));

        Assert.True(await next);
        Assert.Equal("step", updates.Current.Event!.Slot);
    }

    [Fact]
    public async Task Watch_OverATakeOver_GoesOnFromANumberInGrowingOrder()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var first = await Store.ClaimOneAsync(Jobs.ShortLease);
        await Store.PublishAsync(first.Id, 1, Jobs.Event("started", first.LastSequence + 1), default);
        var whole = Store.WatchToEndAsync(first.Id);
        var second = await Store.ClaimSoonAsync("two");
        var rest = Store.WatchToEndAsync(first.Id, after: first.LastSequence + 1);
        await Store.PublishAsync(first.Id, 1, Jobs.Event("late", first.LastSequence + 2), default);
        await Store.PublishAsync(second.Id, 2, Jobs.Event("image:0", second.LastSequence + 1), default);
        await Store.CompleteAsync(second.Id, 2, Jobs.Done() with { Events = [Jobs.Event("done", second.LastSequence + 2)] }, default);

        Assert.Equal(["queued", "started", "image:0", "done"], (await whole).Events.Select(news => news.Slot));
        Assert.Equal([(1L << 32) + 1, (1L << 32) + 2], (await rest).Events.Select(news => news.Sequence));
    }

    [Fact]
    public async Task Publish_OlderEventOfASlot_IsNotKept()
    {
        await Store.AcceptedAsync(Jobs.Submission());
        var job = await Store.ClaimOneAsync();
        await Store.PublishAsync(job.Id, 1, Jobs.Event("image:0", 9), default);
        await Store.PublishAsync(job.Id, 1, Jobs.Event("image:0", 8), default);
        await Store.CompleteAsync(job.Id, 1, Jobs.Done(), default);

        Assert.Equal([1L, 9L], (await Store.WatchToEndAsync(job.Id)).Events.Select(news => news.Sequence));
    }

    [Fact]
    public async Task Watch_UnknownJobOrAnotherTenants_IsEmpty()
    {
        var id = await Store.AcceptedAsync(Jobs.Submission());

        await foreach (var update in Store.WatchAsync("bob", id, 0, default))
            Assert.Fail($"{update}");
        await foreach (var update in Store.WatchAsync(Jobs.Tenant, "nothing", 0, default))
            Assert.Fail($"{update}");
    }

    [Fact]
    public async Task IsWatched_WhileSomebodyReads_IsTrue()
    {
        var id = await Store.AcceptedAsync(Jobs.Submission());
        var before = await Store.IsWatchedAsync(id, default);
        await using (var updates = Store.WatchAsync(Jobs.Tenant, id, 0, default).GetAsyncEnumerator())
        {
            Assert.True(await updates.MoveNextAsync());
            Assert.True(await Store.IsWatchedAsync(id, default));
        }

        Assert.False(before);
        Assert.False(await Store.IsWatchedAsync(id, default));
        Assert.False(await Store.IsWatchedAsync("nothing", default));
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        var id = await Store.AcceptedAsync(Jobs.Submission());
        using var stop = new CancellationTokenSource();
        await using var updates = Store.WatchAsync(Jobs.Tenant, id, JobSequence.First, stop.Token).GetAsyncEnumerator();
        var next = updates.MoveNextAsync();

        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.AsTask());
    }
}
