namespace Diffusion.Mesh.State.Tests;

/// <content>The way in.</content>
public abstract partial class JobStoreContract
{
    [Fact]
    public async Task Submit_NewJob_IsQueuedFirst()
    {
        var submission = Jobs.Submission() with { RequestId = "wish 1", Priority = 7, Cost = 12.5 };

        await Store.AcceptedAsync(submission);
        var job = await Store.GetAsync(Jobs.Tenant, submission.Id, default);

        Assert.NotNull(job);
        Assert.Equal((JobState.Queued, 1, "wish 1"), (job.State, job.QueuePosition, job.RequestId));
        Assert.Equal((7, 12.5, 20, 0), (job.Priority, job.Cost, job.Evaluations, job.Completed));
        Assert.Equal(submission.Model, job.Model);
        Assert.Equal(submission.Deadline.ToUnixTimeMilliseconds(), job.Deadline.ToUnixTimeMilliseconds());
        Assert.Null(job.Started ?? job.Ended ?? job.Expires);
    }

    [Fact]
    public async Task Submit_SameJobAgain_ChangesNothing()
    {
        var submission = Jobs.Submission();

        await Store.AcceptedAsync(submission);
        await Store.AcceptedAsync(submission);

        Assert.Single(await Store.ClaimAsync(10));
    }

    [Fact]
    public async Task Submit_SameRequest_GivesTheExistingJobEvenAfterItsEnd()
    {
        var first = Jobs.Submission() with { RequestId = "wish", RequestHash = Jobs.Bytes("h1") };
        await Store.AcceptedAsync(first);
        var running = await Store.SubmitAsync(first with { Id = "second" }, default);
        Assert.True(await Store.CompleteAsync(first.Id, (await Store.ClaimOneAsync()).Epoch, Jobs.Done(), default));

        var ended = await Store.SubmitAsync(first with { Id = "third" }, default);

        Assert.Equal(new SubmitResult(SubmitOutcome.Existing, first.Id, default), running);
        Assert.Equal(running, ended);
        Assert.Empty(await Store.ClaimAsync(10));
    }

    [Fact]
    public async Task Submit_SameRequestIdForAnotherRequest_IsAConflict()
    {
        var first = Jobs.Submission() with { RequestId = "wish", RequestHash = Jobs.Bytes("h1") };
        await Store.AcceptedAsync(first);

        var other = await Store.SubmitAsync(first with { Id = "other", RequestHash = Jobs.Bytes("h2") }, default);

        Assert.Equal(new SubmitResult(SubmitOutcome.Conflict, first.Id, default), other);
        Assert.Null(await Store.GetAsync(Jobs.Tenant, "other", default));
    }

    [Fact]
    public async Task Submit_SameRequestIdOfAnotherTenant_IsAnotherJob()
    {
        var first = Jobs.Submission() with { RequestId = "wish", RequestHash = Jobs.Bytes("h1") };

        await Store.AcceptedAsync(first);
        await Store.AcceptedAsync(first with { Id = "other", Tenant = "bob" });
    }

    [Fact]
    public async Task Submit_ManyAtOnceWithOneRequestId_AcceptsOne()
    {
        var first = Jobs.Submission() with { RequestId = "wish", RequestHash = Jobs.Bytes("h1") };

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Store.SubmitAsync(first with { Id = $"job-{i}" }, default))));

        Assert.Single(results, result => result.Outcome == SubmitOutcome.Accepted);
        Assert.Equal(15, results.Count(result => result.Outcome == SubmitOutcome.Existing));
        Assert.Single(results.Select(result => result.JobId).Distinct());
    }

    [Theory]
    [InlineData(2, int.MaxValue)]
    [InlineData(1000, 2)]
    public async Task Submit_FullQueue_IsRefusedWithADelayUntilAJobIsTaken(int queueBound, int tenantBound)
    {
        JobSubmission Next() => Jobs.Submission() with { QueueBound = queueBound, Limits = new TenantLimits { QueuedJobs = tenantBound } };
        await Store.AcceptedAsync(Next());
        await Store.AcceptedAsync(Next());

        var refused = await Store.SubmitAsync(Next(), default);

        Assert.Equal(SubmitOutcome.QueueFull, refused.Outcome);
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        await Store.ClaimOneAsync();
        await Store.AcceptedAsync(Next());
    }

    [Fact]
    public async Task Submit_CostPerMinuteUsedUp_IsRefusedWithTheTimeUntilItFits()
    {
        var limits = new TenantLimits { CostPerMinute = 100 };
        await Store.AcceptedAsync(Jobs.Submission() with { Cost = 70, Limits = limits });

        var refused = await Store.SubmitAsync(Jobs.Submission() with { Cost = 60, Limits = limits }, default);

        Assert.Equal(SubmitOutcome.QuotaExceeded, refused.Outcome);
        // 30 of 100 are over, which is 18 seconds' worth.
        Assert.InRange(refused.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(18));
        await Store.AcceptedAsync(Jobs.Submission() with { Cost = 20, Limits = limits });
        await Store.AcceptedAsync(Jobs.Submission(tenant: "bob") with { Cost = 60, Limits = limits });
    }

    [Fact]
    public async Task Submit_CostAboveAFullBucket_IsTakenWhenTheBucketIsFull()
    {
        var submission = Jobs.Submission() with { Cost = 500, Limits = new TenantLimits { CostPerMinute = 100 } };

        await Store.AcceptedAsync(submission);

        Assert.Equal(SubmitOutcome.QuotaExceeded, (await Store.SubmitAsync(submission with { Id = "next", Cost = 1 }, default)).Outcome);
    }

    [Fact]
    public async Task Submit_WrongValues_AreAllNamed()
    {
        var wrong = Jobs.Submission("a/b", "t e") with { Cost = 0, Priority = 101 };

        var error = await Assert.ThrowsAsync<ArgumentException>(() => Store.SubmitAsync(wrong, default));

        Assert.All(["Id ", "Tenant ", "Cost ", "Priority "], name => Assert.Contains(name, error.Message));
    }
}
