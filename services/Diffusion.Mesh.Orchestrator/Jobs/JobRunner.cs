using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Claims as many jobs as there are places for. When the process is to stop it claims no more: where others share the store the jobs are handed over to
/// them at once, and where nobody does, what was accepted runs to its end, as long as the drain lasts.
/// </summary>
internal sealed partial class JobRunner(
    IJobStore store,
    Leases leases,
    JobPlaces places,
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
    private readonly CancellationTokenSource _claiming = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _stopping;
    private Task _loops = Task.CompletedTask;

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
        await _claiming.CancelAsync();
        places.Stop(IsShared ? StopReason.HandedOver : StopReason.Cancelled);
        await Task.WhenAny(_idle.Task, Task.Delay(Pause, time, CancellationToken.None));
        await places.AbandonAsync();
        await _end.CancelAsync();
        await _loops;
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _end.Dispose();
        _claiming.Dispose();
    }

    private void Drain()
    {
        if (IsShared)
        {
            _claiming.Cancel();
            places.HandOver();
        }
        else
        {
            places.Wake();
        }
    }

    private async Task ClaimAsync()
    {
        try
        {
            await readiness.WhenReady.WaitAsync(_claiming.Token);
            while (!_claiming.IsCancellationRequested)
            {
                var claimed = await ClaimNowAsync();
                foreach (var job in claimed)
                    places.Take(job);
                if (claimed.Count == 0 && places.IsEmpty && lifetime.ApplicationStopping.IsCancellationRequested)
                    break;
                await WaitAsync();
            }
        }
        catch (Exception) when (_claiming.IsCancellationRequested || readiness.WhenReady.IsFaulted)
        {
            // Nothing more is to be claimed.
        }
        finally
        {
            while (!places.IsEmpty)
                await places.WhenLeftAsync(CancellationToken.None);
            _idle.TrySetResult();
        }
    }

    // Asks without a place, too: somebody must end what is past its deadline.
    private async Task<IReadOnlyList<ClaimedJob>> ClaimNowAsync()
    {
        try
        {
            await leases.CatchUpAsync(_end.Token);
            return await store.ClaimAsync(new ClaimRequest(leases.Owner, places.Room, options.Lease, _models), _end.Token);
        }
        catch (StateUnavailableException e)
        {
            LogAway(e.Message);
            return [];
        }
    }

    private async Task WaitAsync()
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(_claiming.Token);
        var first = await Task.WhenAny(places.WhenLeftAsync(woken.Token), store.WaitForWorkAsync(JobStoreLimits.ClaimInterval, woken.Token));
        if (first.IsFaulted)
            await Task.Delay(Pause, time, woken.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await woken.CancelAsync();
    }

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

    [LoggerMessage(209, LogLevel.Critical, "Jobs cannot be run any more: this process stops")]
    private partial void LogBrokenLoop(Exception error);
}
