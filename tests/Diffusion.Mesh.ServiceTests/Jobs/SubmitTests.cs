using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class SubmitTests : JobTest
{
    [Fact]
    public async Task Submit_Request_GivesTheJobAndMakesItWithoutAnybodyWatching()
    {
        await StartAsync();
        var request = Wishes.Quick(steps: 3);
        request.RequestId = "mine";

        var job = await Client.SubmitAsync(request);
        Go();
        var done = await UntilAsync(job.Id, JobState.Done);

        Assert.Contains(job.State, new[] { JobState.Queued, JobState.Running });
        Assert.Equal(("mine", "shapes", Shapes.Facts.Revision, 3u), (job.RequestId, job.Model, job.ModelRevision, job.Evaluations));
        Assert.Null(job.EndedTime);
        Assert.Equal((3u, 1u), (done.Completed, done.Pictures));
        Assert.True(done.AcceptedTime.ToDateTime() <= done.StartedTime.ToDateTime() && done.StartedTime.ToDateTime() <= done.EndedTime.ToDateTime());
        Assert.True(done.Expiry.ToDateTime() > done.EndedTime.ToDateTime());
        Assert.Null(done.Error);
    }

    [Fact]
    public async Task Submit_SameRequestIdAndRequest_GivesTheSameJobRunningAndDone()
    {
        await StartAsync();
        var request = Wishes.Quick();
        request.ClearSeed();
        request.RequestId = "again";
        request.ImageOptions = new ImageOptions { Text = { { "a", "1" }, { "b", "2" } } };

        var first = await Client.SubmitAsync(request);
        request.ImageOptions = new ImageOptions { Text = { { "b", "2" }, { "a", "1" } } };
        var second = await Client.SubmitAsync(request);
        Go();
        var events = await Client.FulfilAsync(request);
        var third = await Client.FulfilAsync(request);

        Assert.Equal(first.Id, second.Id);
        Assert.All(events, e => Assert.Equal(first.Id, e.JobId));
        Assert.Equal(Wishes.File(events), Wishes.File(third));
        Assert.Equal(events[0].Queued, third[0].Queued);
        Assert.Single((await Client.ListJobsAsync(new ListJobsRequest())).Jobs);
    }

    [Fact]
    public async Task Submit_SameRequestIdOfAnotherRequest_IsAlreadyExists()
    {
        await StartAsync();
        var request = Wishes.Quick();
        request.RequestId = "a.client:own_id-1";
        var first = await Client.SubmitAsync(request);
        request.Prompt = "something else";

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.SubmitAsync(request));
        var streamed = await Client.FailAsync(request);

        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        Assert.Equal(StatusCode.AlreadyExists, streamed.StatusCode);
        Assert.Contains(first.Id, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_SameRequestIdOfTwoTenants_AreTwoJobs()
    {
        var (one, two) = (KeyOf("one"), KeyOf("two"));
        await StartAsync(s => s with { Keys = Keys.Path });
        var request = Wishes.Quick();
        request.RequestId = "id";

        Assert.NotEqual((await Client.SubmitAsync(request, one)).Id, (await Client.SubmitAsync(request, two)).Id);
    }

    [Fact]
    public async Task Submit_CostPerMinuteUsedUp_IsResourceExhaustedWithADelay()
    {
        // Two steps of 128 x 128 pixels cost 32,768.
        var key = KeyOf("small", new Quotas { CostPerMinute = 40_000 });
        await StartAsync(s => s with { Keys = Keys.Path });
        await Client.SubmitAsync(Wishes.Quick(), key);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.SubmitAsync(Wishes.Quick(), key));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.InRange(RichErrors.RetryAfter(error)!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Submit_ConcurrentCostUsedUp_WaitsWhileOthersRun()
    {
        var (small, large) = (KeyOf("small", new Quotas { ConcurrentCost = 1 }), KeyOf("large"));
        await StartAsync(s => s with { Keys = Keys.Path });

        var first = await Client.SubmitAsync(Wishes.Quick(), small);
        var second = await Client.SubmitAsync(Wishes.Quick(), small);
        var other = await Client.SubmitAsync(Wishes.Quick(), large);
        await UntilAsync(first.Id, JobState.Running, small);
        await UntilAsync(other.Id, JobState.Running, large);
        var waiting = await GetAsync(second.Id, small);
        Go();
        await UntilAsync(second.Id, JobState.Done, small);

        Assert.Equal((JobState.Queued, 1u), (waiting.State, waiting.QueuePosition));
    }

    [Fact]
    public async Task Submit_TenantsShareOfTheQueueFull_IsResourceExhaustedForItAlone()
    {
        var (small, large) = (KeyOf("small", new Quotas { QueuedJobs = 1 }), KeyOf("large"));
        await StartAsync(s => s with { Keys = Keys.Path, Running = 1 });
        var running = await Client.SubmitAsync(Wishes.Quick(), large);
        await UntilAsync(running.Id, JobState.Running, large);
        await Client.SubmitAsync(Wishes.Quick(), small);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.SubmitAsync(Wishes.Quick(), small));
        await Client.SubmitAsync(Wishes.Quick(), large);

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.True(RichErrors.RetryAfter(error) > TimeSpan.Zero);
    }

    [Fact]
    public async Task Submit_WrongFields_NamesEveryOne()
    {
        await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Client.SubmitAsync(new GenerateRequest { RequestId = "a b", Count = 99, Priority = 101 }));

        Assert.Equal(["count", "priority", "request_id"], RichErrors.Problems(error).Select(p => p.Field).Order());
    }
}
