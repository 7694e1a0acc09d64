using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Claims as many jobs as it has places for, and runs them. When the process is to stop it claims no more: where others share the store it hands its jobs over to
/// them at once, and where nobody does it runs to their ends what was accepted, as long as the drain lasts.
/// </summary>
internal sealed partial class JobRunner(
    IJobStore store,
    Leases leases,
    JobRun run,
    ModelRepository models,
    ServiceOptions options,
    Readiness readiness,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<JobRunner> logger) : IHostedService, IDisposable
{
    // A run that was stopped ends within this, and a store that is away is asked again this often.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string[] _models = [.. models.Models.Select(JobModels.Key)];
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _left = new(0);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _stopping;
    private Task _loops = Task.CompletedTask;
    private int _running;
    private int _working;

    /// <summary>Places for jobs; one whose end is being written leaves its place free.</summary>
    public int FreePlaces => Math.Max(0, options.Running - Volatile.Read(ref _working));

    /// <summary>Cancelled when the jobs are handed over: streams of this process end, and go on with another. Never, where nobody shares the store.</summary>
    public CancellationToken HandingOver => _drain.Token;

    private bool IsShared => options.Redis is not null;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _stopping = lifetime.ApplicationStopping.Register(Drain);
        _loops = Task.WhenAll(
            Quiet(ClaimAsync), Quiet(() => leases.RenewAsync(_end.Token)), Quiet(() => leases.HearCancellationsAsync(_end.Token)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Drain();
        await _idle.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _drain.CancelAsync();
        foreach (var job in leases.Jobs)
            job.Stop(IsShared ? StopReason.HandedOver : StopReason.Cancelled);
        await Task.WhenAny(_idle.Task, Task.Delay(Pause, time, CancellationToken.None));
        await _end.CancelAsync();
        await _loops;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _end.Dispose();
        _drain.Dispose();
        _left.Dispose();
    }

    private void Drain()
    {
        if (!IsShared)
        {
            Wake();
            return;
        }

        _drain.Cancel();
        foreach (var job in leases.Jobs)
            job.Stop(StopReason.HandedOver);
    }

    private async Task ClaimAsync()
    {
        try
        {
            await readiness.WhenReady.WaitAsync(_end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (readiness.WhenReady.IsCompletedSuccessfully && !_drain.IsCancellationRequested && !_end.IsCancellationRequested)
            {
                var claimed = await ClaimNowAsync();
                foreach (var job in claimed)
                    Start(job);
                if (claimed.Count == 0 && Volatile.Read(ref _running) == 0 && lifetime.ApplicationStopping.IsCancellationRequested)
                    break;
                await WaitAsync();
            }
        }
        finally
        {
            while (Volatile.Read(ref _running) > 0)
                await _left.WaitAsync(CancellationToken.None);
            _idle.TrySetResult();
        }
    }

    // Asks without a place, too: somebody must end what is past its deadline.
    private async Task<IReadOnlyList<ClaimedJob>> ClaimNowAsync()
    {
        try
        {
            await leases.CatchUpAsync(_end.Token);
            var room = Math.Max(0, options.Running - Volatile.Read(ref _running));
            return await store.ClaimAsync(new ClaimRequest(leases.Owner, room, options.Lease, _models), _end.Token);
        }
        catch (StateUnavailableException e)
        {
            LogAway(e.Message);
            return [];
        }
    }

    private async Task WaitAsync()
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _drain.Token);
        var first = await Task.WhenAny(_left.WaitAsync(either.Token), store.WaitForWorkAsync(JobStoreLimits.ClaimInterval, either.Token));
        if (first.IsFaulted)
            await Task.Delay(Pause, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await either.CancelAsync();
    }

    private void Start(ClaimedJob claimed)
    {
        Interlocked.Increment(ref _running);
        Interlocked.Increment(ref _working);
        _ = Task.Run(() => RunAsync(claimed));
    }

    private async Task RunAsync(ClaimedJob claimed)
    {
        var working = 1;
        try
        {
            if (await run.PrepareAsync(claimed, _end.Token) is { } job)
                await RunAsync(job, StopWorking);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogBroken(e, claimed.Id);
        }
        finally
        {
            StopWorking();
            Interlocked.Decrement(ref _running);
            Wake();
        }

        void StopWorking()
        {
            if (Interlocked.Exchange(ref working, 0) == 1)
                Interlocked.Decrement(ref _working);
        }
    }

    private async Task RunAsync(Job job, Action ending)
    {
        await using var disposed = job;
        leases.Add(job);
        try
        {
            if (_drain.IsCancellationRequested)
                job.Stop(StopReason.HandedOver);
            await run.RunAsync(job, ending, _end.Token);
        }
        finally
        {
            leases.Remove(job);
        }
    }

    private void Wake() => _left.Release();

    private async Task Quiet(Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // Without this loop the process is of no use.
            LogBrokenLoop(e);
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(207, LogLevel.Warning, "No jobs can be claimed: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(208, LogLevel.Error, "Job {Job} was left unfinished; it is taken over when its lease ends")]
    private partial void LogBroken(Exception error, string job);

    [LoggerMessage(209, LogLevel.Critical, "Jobs cannot be run any more: this process stops")]
    private partial void LogBrokenLoop(Exception error);
}
