using System.Diagnostics;
using System.Security.Cryptography;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The jobs of this process: admits a bounded number, runs some of them at once, and forgets each at its end.</summary>
internal sealed partial class JobTable(
    GenerationPipeline pipeline, ServiceOptions options, ServiceTelemetry telemetry, Readiness readiness, TimeProvider time, ILogger<JobTable> logger)
    : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _requestIds = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _running = new(options.Running);

    /// <summary>Admits a job and starts it as soon as there is room.</summary>
    /// <param name="deadline">When the client stops waiting.</param>
    /// <exception cref="ServiceException">Too much is queued, the request id is in use, or the service is draining.</exception>
    public Job Start(ValidRequest request, DateTimeOffset deadline, ActivityContext trace)
    {
        if (readiness.IsDraining)
            throw new ServiceException(ServiceError.Unavailable, "This orchestrator is draining.");
        var last = time.GetUtcNow() + options.Timeout;
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Job job;
        lock (_lock)
        {
            if (_jobs.Count >= options.Running + options.Queued)
                throw new ServiceException(ServiceError.Full, $"{_jobs.Count} jobs are running and waiting, as many as are taken.");
            if (request.RequestId.Length > 0 && !_requestIds.Add(request.RequestId))
                throw new ServiceException(ServiceError.AlreadyExists, $"A job with request_id '{request.RequestId}' is running.");
            job = new Job(id, request, deadline < last ? deadline : last, trace, time);
            _jobs.Add(id, job);
        }

        job.Events.Add(new GenerateEvent { Queued = Queued(request) });
        _ = Task.Run(() => RunAsync(job));
        return job;
    }

    /// <summary>Ends a job within one step.</summary>
    /// <exception cref="ServiceException">There is no such job.</exception>
    public void Cancel(string id)
    {
        Job? job;
        lock (_lock)
            job = _jobs.GetValueOrDefault(id);
        (job ?? throw new ServiceException(ServiceError.NotFound, "There is no such job, or it has ended.")).Cancel();
    }

    public void Dispose() => _running.Dispose();

    private async Task RunAsync(Job job)
    {
        Activity.Current = null;
        Exception? end = null;
        try
        {
            using (telemetry.Source.StartActivity(TelemetryNames.QueueSpan, ActivityKind.Internal, job.Trace))
                await _running.WaitAsync(job.Cancellation);
            try
            {
                await pipeline.RunAsync(job);
            }
            finally
            {
                _running.Release();
            }

            LogDone(job.Id);
        }
        catch (Exception e)
        {
            end = Ended(job, job.Reason(e));
        }
        finally
        {
            Forget(job);
            job.Events.End(end);
            job.Dispose();
        }
    }

    // Logged here and not where it is read: a detached job may have no reader.
    private Exception Ended(Job job, Exception reason)
    {
        if (reason is RpcException or ServiceException)
        {
            LogEnded(job.Id, reason.Message);
            return reason;
        }

        LogFailed(reason, job.Id);
        return new RpcException(new Status(StatusCode.Internal, "An internal error happened; the server's log has it."));
    }

    private void Forget(Job job)
    {
        lock (_lock)
        {
            _jobs.Remove(job.Id);
            _requestIds.Remove(job.Request.RequestId);
        }
    }

    private static Queued Queued(ValidRequest request) => new()
    {
        Model = request.Model.Name,
        ModelRevision = request.Model.Revision,
        Seed = request.Seed,
        Sampler = request.Sampler.Name,
        Steps = (uint)request.Schedule.Steps,
        Evaluations = (uint)request.Sampler.Evaluations.Count,
        GuidanceScale = request.GuidanceScale,
        Width = (uint)request.Width,
        Height = (uint)request.Height,
    };

    [LoggerMessage(200, LogLevel.Information, "Job {Job} is done")]
    private partial void LogDone(string job);

    [LoggerMessage(201, LogLevel.Information, "Job {Job} ended early: {Reason}")]
    private partial void LogEnded(string job, string reason);

    [LoggerMessage(202, LogLevel.Error, "Job {Job} failed unexpectedly")]
    private partial void LogFailed(Exception error, string job);
}
