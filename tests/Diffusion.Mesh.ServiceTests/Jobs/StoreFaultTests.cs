using System.Runtime.CompilerServices;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using JobState = Diffusion.Mesh.V1.JobState;

namespace Diffusion.Mesh.ServiceTests;

public sealed class StoreFaultTests : JobTest
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(1);

    private readonly IJobStore _store;
    private readonly FaultyStore _faults;

    public StoreFaultTests() => (_store, _faults) = FaultyStore.Before(new MemoryJobStore(TimeProvider.System));

    [Fact]
    public async Task AnyMethod_StoreAway_IsUnavailableAndKeepsItsReasonToTheLog()
    {
        await StartWithStoreAsync();
        foreach (var method in new[] { nameof(IJobStore.SubmitAsync), nameof(IJobStore.GetAsync), nameof(IJobStore.ListAsync), nameof(IJobStore.CancelAsync) })
            _faults.Fail(method);

        RpcException[] errors =
        [
            await Client.FailAsync(Wishes.Quick()),
            await Assert.ThrowsAsync<RpcException>(async () => await Client.SubmitAsync(Wishes.Quick())),
            await Assert.ThrowsAsync<RpcException>(() => GetAsync("job")),
            await Assert.ThrowsAsync<RpcException>(async () => await Client.ListJobsAsync(new ListJobsRequest())),
            await Assert.ThrowsAsync<RpcException>(async () => await Client.CancelAsync(new CancelRequest { JobId = "job" })),
        ];

        Assert.All(errors, e => Assert.Equal(StatusCode.Unavailable, e.StatusCode));
        Assert.All(errors, e => Assert.DoesNotContain("switched it off", e.Status.Detail, StringComparison.Ordinal));
        Assert.Contains(Log.Lines, line => line.Contains("switched it off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Complete_StoreAwayForAWhile_WritesTheResultWhenItIsBack()
    {
        await StartWithStoreAsync();
        _faults.Fail(nameof(IJobStore.CompleteAsync));
        var job = await Client.SubmitAsync(Wishes.Quick());
        Go();
        await CalledAsync(nameof(IJobStore.CompleteAsync));
        var meanwhile = await GetAsync(job.Id);

        _faults.Heal(nameof(IJobStore.CompleteAsync));
        var events = await WatchAsync(job.Id);

        Assert.Equal(JobState.Running, meanwhile.State);
        Assert.NotEmpty(Wishes.File(events));
    }

    [Fact]
    public async Task Renew_StoreAway_LetsTheJobGoOn()
    {
        await StartWithStoreAsync();
        _faults.Fail(nameof(IJobStore.RenewAsync));
        _faults.Fail(nameof(IJobStore.CheckpointAsync));
        _faults.Fail(nameof(IJobStore.PublishTransientAsync));
        var job = await Client.SubmitAsync(Wishes.Quick());
        await CalledAsync(nameof(IJobStore.RenewAsync));

        Go();

        Assert.NotEmpty(Wishes.File(await WatchAsync(job.Id)));
    }

    [Fact]
    public async Task Renew_LeaseLost_StopsTheRunAndWritesNothing()
    {
        await StartWithStoreAsync();
        var job = await Client.SubmitAsync(Wishes.Quick());
        await UntilAsync(job.Id, JobState.Running);
        _faults.Answer(nameof(IJobStore.RenewAsync), _ => Task.FromResult(new RenewalResult([job.Id], [])));
        // Nobody shall take it again: what is asserted is that nothing was written.
        _faults.Answer(nameof(IJobStore.ClaimAsync), _ => Task.FromResult<IReadOnlyList<ClaimedJob>>([]));

        await UntilLoggedAsync($"Job {job.Id} is another owner's");
        Go();

        Assert.Empty(_faults.Calls(nameof(IJobStore.CompleteAsync)));
        Assert.Equal(JobState.Running, (await GetAsync(job.Id)).State);
        await _store.CancelAsync("anonymous", job.Id, default);
    }

    [Fact]
    public async Task Renew_CancelRequested_EndsTheJobAlsoWhereTheSignalWasLost()
    {
        _faults.Answer(nameof(IJobStore.CancellationsAsync), arguments => Nothing((CancellationToken)arguments[0]!));
        await StartWithStoreAsync();
        var job = await Client.SubmitAsync(Wishes.Quick());
        await UntilAsync(job.Id, JobState.Running);

        await Client.CancelAsync(new CancelRequest { JobId = job.Id });

        Assert.Equal(StatusCode.Cancelled, await CodeAsync(() => WatchAsync(job.Id)));
    }

    [Fact]
    public async Task Start_JobOfAnOwnerThatDied_GoesOnFromItsStateUnderAHigherEpoch()
    {
        var request = Wishes.Quick(steps: 9);
        request.Model = Shapes.Name;
        var job = await AbandonAsync(request, position: 4);
        DenoiseJob? denoised = null;
        var unet = new FakeUnet(async call =>
        {
            denoised = call.Job;
            await call.AcceptAsync();
            await call.ProgressAsync(3);
            await call.ProgressAsync(4);
            await call.Responses.WriteAsync(new DenoiseResponse { Denoised = new Denoised { Latents = Shapes.Latents() } });
        });

        Client = (await OrchestrateAsync([unet], WithStore)).Client();
        var events = await WatchAsync(job);

        Assert.Equal(4u, denoised!.State.Position);
        Assert.Equal((2ul << 16) + 1, denoised.Epoch);
        Assert.Equal(5u, Assert.Single(events, e => e.Step is not null).Step.Completed);
        Assert.True(events[^1].Sequence > 1ul << 32);
        Assert.Equal(30, events[^1].Done.DenoiseSeconds, 1.0);
    }

    [Fact]
    public async Task Start_JobThatKilledWorkersOfEarlierOwners_IsGivenUpAtTheThird()
    {
        var job = await AbandonAsync(Wishes.Quick(), position: 1, kills: 2);
        using var told = new SemaphoreSlim(0);
        var unet = new FakeUnet(call => DieAsync(call, told));
        Client = (await OrchestrateAsync([unet], WithStore)).Client();
        using var call = Client.Watch(new WatchRequest { JobId = job });

        await call.NextAsync(GenerateEvent.EventOneofCase.Step);
        told.Release();

        Assert.Equal(StatusCode.FailedPrecondition, await CodeAsync(() => Wishes.ReadAsync(call)));
        Assert.Single(unet.Jobs);
        Assert.Contains(Log.Lines, line => line.Contains($"Job {job} is given up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Denoise_WorkerDies_TellsTheStoreForTheNextOwner()
    {
        var may = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var told = new SemaphoreSlim(0);
        var unet = new FakeUnet(async call =>
        {
            if ((call.Job.Epoch & 0xFFFF) == 1)
                await DieAsync(call, told);
            await call.AcceptAsync();
            await may.Task.WaitAsync(call.Context.CancellationToken);
            await call.FinishAsync();
        });
        Client = (await OrchestrateAsync([unet], WithStore)).Client();
        using var call = Client.Generate(Wishes.Quick());

        await call.NextAsync(GenerateEvent.EventOneofCase.Step);
        told.Release();
        await CalledAsync(nameof(IJobStore.ReportKillAsync));
        may.SetResult();

        Assert.NotEmpty(Wishes.File(await Wishes.ReadAsync(call)));
        Assert.Single(_faults.Calls(nameof(IJobStore.ReportKillAsync)));
    }

    // Dies when the client has heard of it: what a torn connection still held would be lost.
    private static async Task DieAsync(FakeDenoising call, SemaphoreSlim told)
    {
        await call.AcceptAsync();
        await call.ProgressAsync(1);
        await told.WaitAsync(Patience.Token);
        call.Context.GetHttpContext().Abort();
        await call.HangAsync();
    }

    [Fact]
    public async Task Start_JobOfAModelThatIsNotHere_IsLeftToOthers()
    {
        var job = await AbandonAsync(Wishes.Quick(), position: 1, model: "shapes@another");

        await StartWithStoreAsync();
        Go();
        await Client.FulfilAsync(Wishes.Quick());

        Assert.Equal(JobState.Running, (await GetAsync(job)).State);
    }

    [Fact]
    public async Task Start_JobThatCannotBeRead_HasFailed()
    {
        // As from a server with wider limits.
        var request = Wishes.Quick();
        request.Width = 1 << 20;
        var job = await AbandonAsync(request, position: 0);

        await StartWithStoreAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => WatchAsync(job));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(RichErrors.Problems(error), p => p.Field == "width");
    }

    private Task StartWithStoreAsync() => StartAsync(WithStore);

    private OrchestratorSetup WithStore(OrchestratorSetup setup) =>
        setup with { Lease = s_lease, Configure = builder => builder.Services.AddSingleton(_store) };

    // A job whose owner died: its lease ends at once.
    private async Task<string> AbandonAsync(GenerateRequest request, int position, string? model = null, int kills = 0)
    {
        var submission = new JobSubmission
        {
            Id = Guid.NewGuid().ToString("n"),
            Tenant = "anonymous",
            Spec = new JobSpec { Request = request, ModelRevision = Shapes.Facts.Revision }.ToByteArray(),
            Cost = 1,
            Deadline = TimeProvider.System.GetUtcNow().AddMinutes(5),
            Model = model ?? JobModels.Key(Shapes.Facts),
            Evaluations = 9,
            QueueBound = 10,
            FirstEvent = new JobEvent("queued", JobSequence.First, new GenerateEvent { Sequence = 1, Queued = new Queued() }.ToByteArray()),
            Retention = TimeSpan.FromMinutes(5),
        };
        await _store.SubmitAsync(submission, default);
        var claimed = Assert.Single(await _store.ClaimAsync(new ClaimRequest("dead", 1, JobStoreLimits.ShortestLease), default));
        var state = new SamplerState { Position = (uint)position, Latents = Shapes.Latents() };
        var checkpoint = new JobCheckpoint { State = state, DenoiseSeconds = 30 }.ToByteArray();
        Assert.True(await _store.CheckpointAsync(claimed.Id, claimed.Epoch, checkpoint, position, [], default));
        for (var attempt = 1; attempt <= kills; attempt++)
            await _store.ReportKillAsync(claimed.Id, claimed.Epoch, attempt, default);
        return claimed.Id;
    }

    private async Task CalledAsync(string method)
    {
        using var patience = new CancellationTokenSource(Patience.Time);
        while (_faults.Calls(method).Count == 0)
            await Task.Delay(10, patience.Token);
    }

    private async Task UntilLoggedAsync(string words)
    {
        using var patience = new CancellationTokenSource(Patience.Time);
        while (!Log.Lines.Any(line => line.Contains(words, StringComparison.Ordinal)))
            await Task.Delay(10, patience.Token);
    }

    private static async IAsyncEnumerable<string> Nothing([EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, stop);
        yield break;
    }
}
