namespace Diffusion.Mesh.State.Tests;

/// <content>Who is next.</content>
public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Claim_WithinATenant_GoesByPriorityThenArrival()
    {
        foreach (var (id, priority) in new[] { ("a", 0), ("b", 100), ("c", 0), ("d", -100), ("e", 100) })
            await Store.AcceptedAsync(Jobs.Submission(id) with { Priority = priority });

        Assert.Equal(["b", "e", "a", "c", "d"], (await Store.ClaimAsync(5)).Select(job => job.Id));
    }

    [Fact]
    public async Task Claim_FloodingTenant_SharesWithOneThatComesLater()
    {
        await SubmitAsync("flood", 40, 1, "flood");
        Assert.Equal(10, (await Store.ClaimAsync(10)).Count);
        await SubmitAsync("late", 5, 1, "late");

        var next = await Store.ClaimAsync(10);

        Assert.Equal(5, next.Count(job => job.Tenant == "late"));
        // Turn by turn: at no time one is ahead by more than a job.
        var ahead = next.Select(job => job.Tenant == "late" ? 1 : -1).Aggregate(new List<int> { 0 }, (sums, turn) => [.. sums, sums[^1] + turn]);
        Assert.All(ahead, difference => Assert.InRange(difference, -1, 1));
    }

    [Fact]
    public async Task Claim_Weights_DivideTheCostAndNotTheJobs()
    {
        await SubmitAsync("heavy", 60, 3, "h", weight: 3);
        await SubmitAsync("light", 60, 1, "l", weight: 1);

        var jobs = await Store.ClaimAsync(40);

        // Each of heavy's jobs costs three times as much and it has three times the weight: turn by turn.
        Assert.InRange(jobs.Count(job => job.Tenant == "heavy"), 19, 21);
    }

    [Fact]
    public async Task Claim_TenantThatWasIdle_HasSavedNothing()
    {
        await SubmitAsync("early", 1, 1, "e");
        await SubmitAsync("busy", 30, 1, "b");
        Assert.Equal(21, (await Store.ClaimAsync(21)).Count);
        await SubmitAsync("early", 10, 1, "again");

        var next = await Store.ClaimAsync(10);

        Assert.InRange(next.Count(job => job.Tenant == "early"), 4, 6);
    }

    [Fact]
    public async Task Claim_TenantAtItsConcurrentCost_IsPassedOverUntilOneEnds()
    {
        await SubmitAsync("small", 3, 10, "s", concurrent: 25);
        await SubmitAsync("other", 4, 1, "o");

        var first = await Store.ClaimAsync(10);
        Assert.Equal(2, first.Count(job => job.Tenant == "small"));
        Assert.Equal(4, first.Count(job => job.Tenant == "other"));
        Assert.Empty(await Store.ClaimAsync(1));
        Assert.True(await Store.CompleteAsync("s0", 1, Jobs.Done(), default));

        Assert.Equal("s2", (await Store.ClaimOneAsync()).Id);
    }

    [Fact]
    public async Task Claim_JobAboveTheConcurrentCost_RunsAlone()
    {
        await SubmitAsync("small", 2, 100, "s", concurrent: 25);

        Assert.Equal("s0", Assert.Single(await Store.ClaimAsync(2)).Id);
        Assert.True(await Store.CompleteAsync("s0", 1, Jobs.Done(), default));
        Assert.Equal("s1", (await Store.ClaimOneAsync()).Id);
    }

    [Fact]
    public async Task Get_QueuedJobs_TellTheOrderInWhichTheyAreTaken()
    {
        await SubmitAsync("a", 6, 2, "a");
        await SubmitAsync("b", 3, 5, "b", weight: 2);
        await SubmitAsync("c", 4, 1, "c");
        await Store.AcceptedAsync(Jobs.Submission("urgent", "a") with { Priority = 5, Cost = 2 });
        var positions = new Dictionary<string, int>();
        foreach (var (tenant, id) in new[] { "a0", "a1", "a2", "a3", "a4", "a5", "b0", "b1", "b2", "c0", "c1", "c2", "c3" }
            .Select(id => (id[..1], id)).Append(("a", "urgent")))
            positions[id] = (await Store.GetAsync(tenant, id, default))!.QueuePosition!.Value;

        var taken = await Store.ClaimAsync(20);

        Assert.Equal(Enumerable.Range(1, 14), positions.Values.Order());
        Assert.Equal(taken.Select(job => job.Id), positions.OrderBy(pair => pair.Value).Select(pair => pair.Key));
    }

    [Fact]
    public async Task Count_TellsWhatEachTenantUses()
    {
        await SubmitAsync("a", 3, 2, "a");
        await SubmitAsync("b", 1, 5, "b");
        await Store.ClaimAsync(2);

        var counts = await Store.CountAsync(default);

        Assert.Equal((2, 2), (counts.Queued, counts.Running));
        Assert.Equal([new TenantUse("a", 2, 1, 2), new TenantUse("b", 0, 1, 5)], counts.Tenants);
    }

    [Fact]
    public async Task Count_TellsWhatIsLeftOfEachModelsCost()
    {
        await Store.AcceptedAsync(Jobs.Submission("begun") with { Cost = 40, Evaluations = 8 });
        await Store.AcceptedAsync(Jobs.Submission("kept") with { Cost = 20, Evaluations = 10, Model = "other@2" });
        await Store.AcceptedAsync(Jobs.Submission("ended") with { Cost = 1000 });
        var claimed = (await Store.ClaimAsync(3)).ToDictionary(job => job.Id);
        await Store.AcceptedAsync(Jobs.Submission("waits") with { Cost = 3 });
        await Store.RenewAsync(claimed["begun"], completed: 2);
        await Store.CheckpointAsync("kept", claimed["kept"].Epoch, Jobs.Bytes("state"), 9, [], default);
        await Store.CompleteAsync("ended", claimed["ended"].Epoch, Jobs.Done(), default);

        var counts = await Store.CountAsync(default);

        Assert.Equal(["other@2", "shapes@1"], counts.Models.Select(use => use.Model));
        Assert.Equal([1, 2], counts.Models.Select(use => use.Jobs));
        Assert.Equal([2, 33], counts.Models.Select(use => use.CostLeft), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public async Task Count_MoreJobsThanItLooksAt_ScalesWhatItSaw()
    {
        const int Count = JobStoreLimits.CountedJobs + 100;
        // Not all at once: other tests use the same store.
        foreach (var some in Enumerable.Range(0, Count).Chunk(50))
            await Task.WhenAll(some.Select(_ => Store.AcceptedAsync(Jobs.Submission() with { QueueBound = Count, Cost = 2 })));

        var use = Assert.Single((await Store.CountAsync(default)).Models);

        Assert.Equal(Count, use.Jobs);
        Assert.Equal(2 * Count, use.CostLeft, 1e-6);
    }

    private async Task SubmitAsync(string tenant, int count, double cost, string name, double weight = 1, double concurrent = double.PositiveInfinity)
    {
        for (var i = 0; i < count; i++)
        {
            await Store.AcceptedAsync(Jobs.Submission($"{name}{i}", tenant) with
            {
                Cost = cost,
                Limits = new TenantLimits { Weight = weight, ConcurrentCost = concurrent },
            });
        }
    }
}
