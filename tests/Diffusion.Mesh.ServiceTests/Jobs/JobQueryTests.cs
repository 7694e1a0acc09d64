using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class JobQueryTests : JobTest
{
    [Fact]
    public async Task AnyMethod_JobOfAnotherTenant_IsNotFound()
    {
        var (mine, others) = (KeyOf("mine"), KeyOf("others"));
        await StartAsync(s => s with { Keys = Keys.Path });
        var job = await Client.SubmitAsync(Wishes.Quick(), mine);

        var codes = new[]
        {
            await CodeAsync(() => GetAsync(job.Id, others)),
            await CodeAsync(() => WatchAsync(job.Id, headers: others)),
            await CodeAsync(async () => await Client.CancelAsync(new CancelRequest { JobId = job.Id }, others)),
            await CodeAsync(() => GetAsync(job.Id)),
        };
        var listed = await Client.ListJobsAsync(new ListJobsRequest(), others);

        Assert.All(codes, code => Assert.Equal(StatusCode.NotFound, code));
        Assert.Empty(listed.Jobs);
        Assert.Equal(job.Id, (await GetAsync(job.Id, mine)).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("a b\n*:{}")]
    public async Task AnyMethod_UnknownJob_IsNotFound(string id)
    {
        await StartAsync();

        Assert.Equal(StatusCode.NotFound, await CodeAsync(() => GetAsync(id)));
        Assert.Equal(StatusCode.NotFound, await CodeAsync(() => WatchAsync(id)));
        Assert.Equal(StatusCode.NotFound, await CodeAsync(async () => await Client.CancelAsync(new CancelRequest { JobId = id })));
    }

    [Fact]
    public async Task GetJob_Queued_TellsItsPosition()
    {
        await StartAsync(s => s with { Running = 1 });
        var running = await Client.SubmitAsync(Wishes.Quick());
        await UntilAsync(running.Id, JobState.Running);
        var normal = await Client.SubmitAsync(Wishes.Quick());
        var urgent = Wishes.Quick();
        urgent.Priority = 5;
        var first = await Client.SubmitAsync(urgent);

        Assert.Equal(1u, (await GetAsync(first.Id)).QueuePosition);
        Assert.Equal(2u, (await GetAsync(normal.Id)).QueuePosition);
        Assert.False((await GetAsync(running.Id)).HasQueuePosition);
    }

    [Fact]
    public async Task ListJobs_ByStateAndPage_GivesEachOnceTheLatestFirst()
    {
        await StartAsync(s => s with { Running = 1 });
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add((await Client.SubmitAsync(Wishes.Quick())).Id);
        await UntilAsync(ids[0], JobState.Running);

        var listed = new List<string>();
        var request = new ListJobsRequest { PageSize = 2 };
        do
        {
            var page = await Client.ListJobsAsync(request);
            listed.AddRange(page.Jobs.Select(j => j.Id));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        var queued = await Client.ListJobsAsync(new ListJobsRequest { State = JobState.Queued });

        Assert.Equal(Enumerable.Reverse(ids), listed);
        Assert.Equal(Enumerable.Reverse(ids[1..]), queued.Jobs.Select(j => j.Id));
    }

    [Fact]
    public async Task ListJobs_WrongRequest_NamesTheField()
    {
        await StartAsync();

        Assert.Equal("page_size", await WrongAsync(new ListJobsRequest { PageSize = 201 }));
        Assert.Equal("page_size", await WrongAsync(new ListJobsRequest { PageSize = -1 }));
        Assert.Equal("page_token", await WrongAsync(new ListJobsRequest { PageToken = "x" }));
        Assert.Equal("state", await WrongAsync(new ListJobsRequest { State = (JobState)77 }));
    }

    [Fact]
    public async Task Cancel_QueuedAndRunning_EndAsCancelledAndOnce()
    {
        await StartAsync(s => s with { Running = 1 });
        var running = await Client.SubmitAsync(Wishes.Quick());
        await UntilAsync(running.Id, JobState.Running);
        var queued = await Client.SubmitAsync(Wishes.Quick());

        await Client.CancelAsync(new CancelRequest { JobId = queued.Id });
        var atOnce = await GetAsync(queued.Id);
        await Client.CancelAsync(new CancelRequest { JobId = running.Id });
        var later = await UntilAsync(running.Id, JobState.Cancelled);
        var error = await Assert.ThrowsAsync<RpcException>(() => WatchAsync(running.Id));

        Assert.Equal(JobState.Cancelled, atOnce.State);
        Assert.Equal((int)StatusCode.Cancelled, later.Error.Code);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Contains(running.Id, error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.NotFound, await CodeAsync(async () => await Client.CancelAsync(new CancelRequest { JobId = running.Id })));
    }

    [Fact]
    public async Task GetJob_DeadlinePassedInTheQueue_HasFailed()
    {
        await StartAsync(s => s with
        {
            Running = 1,
            Timeout = TimeSpan.FromHours(1),
            Configure = builder => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(builder.Services, Time),
        });
        var running = await Client.SubmitAsync(Wishes.Quick());
        await UntilAsync(running.Id, JobState.Running);
        var queued = await Client.SubmitAsync(Wishes.Quick(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(30));

        Time.Advance(TimeSpan.FromMinutes(31));
        var failed = await UntilAsync(queued.Id, JobState.Failed);

        Assert.Equal((int)StatusCode.DeadlineExceeded, failed.Error.Code);
        Assert.Contains(queued.Id, failed.Error.Message, StringComparison.Ordinal);
    }

    private async Task<string> WrongAsync(ListJobsRequest request)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.ListJobsAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return Assert.Single(RichErrors.Problems(error)).Field;
    }
}
