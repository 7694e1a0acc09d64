using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The places for jobs of this orchestrator, and the jobs that are in them.</summary>
internal sealed partial class JobPlaces(JobPreparing preparing, JobRun run, Leases leases, ServiceOptions options, ILogger<JobPlaces> logger) : IDisposable
{
    private readonly CancellationTokenSource _handOver = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly SemaphoreSlim _left = new(0);
    private int _taken;
    private int _working;

    /// <summary>Jobs that are here.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Places without a job.</summary>
    public int Room => Math.Max(0, options.Running - Taken);

    /// <summary>The same for those who submit: a job whose end is being written has left its place.</summary>
    public int Free => Math.Max(0, options.Running - Volatile.Read(ref _working));

    /// <summary>No job is here.</summary>
    public bool IsEmpty => Taken == 0;

    /// <summary>Cancelled by <see cref="HandOver"/>.</summary>
    public CancellationToken HandingOver => _handOver.Token;

    /// <summary>Ends when a job has left its place.</summary>
    public Task WhenLeftAsync(CancellationToken cancellation) => _left.WaitAsync(cancellation);

    /// <summary>Ends a wait for a job to leave.</summary>
    public void Wake() => _left.Release();

    /// <summary>Runs a job that was claimed.</summary>
    public void Take(ClaimedJob claimed)
    {
        Interlocked.Increment(ref _taken);
        Interlocked.Increment(ref _working);
        _ = Task.Run(() => RunAsync(claimed));
    }

    /// <summary>Hands every job over, and those that are still to come.</summary>
    public void HandOver()
    {
        _handOver.Cancel();
        Stop(StopReason.HandedOver);
    }

    /// <summary>Stops every job.</summary>
    public void Stop(StopReason reason)
    {
        foreach (var job in leases.Jobs)
            job.Stop(reason);
    }

    /// <summary>Waits for no store any more.</summary>
    public Task AbandonAsync() => _abandon.CancelAsync();

    public void Dispose()
    {
        _handOver.Dispose();
        _abandon.Dispose();
        _left.Dispose();
    }

    private async Task RunAsync(ClaimedJob claimed)
    {
        var working = 1;
        try
        {
            if (await preparing.PrepareAsync(claimed, _abandon.Token) is { } job)
                await RunAsync(job, StopWorking);
        }
        catch (OperationCanceledException) when (_abandon.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogBroken(e, claimed.Id);
        }
        finally
        {
            StopWorking();
            Interlocked.Decrement(ref _taken);
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
            if (_handOver.IsCancellationRequested)
                job.Stop(StopReason.HandedOver);
            await run.RunAsync(job, ending, _abandon.Token);
        }
        finally
        {
            leases.Remove(job);
        }
    }

    [LoggerMessage(208, LogLevel.Error, "Job {Job} was left unfinished; it is taken over when its lease ends")]
    private partial void LogBroken(Exception error, string job);
}
