using System.Diagnostics;
using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>How long the stages of generations take, by the names that their spans have.</summary>
internal sealed class StageMetrics(ServiceMeter meter, TimeProvider time)
{
    private readonly Histogram<double> _duration = meter.Seconds(TelemetryNames.Metrics.StageDuration, "Duration of the stages of generations.");
    private readonly Histogram<double> _wait = meter.Seconds(TelemetryNames.Metrics.QueueWaitDuration, "How long jobs waited for an orchestrator.");

    /// <summary>A job's stage.</summary>
    public Task<T> MeasureAsync<T>(string stage, Job job, Func<Task<T>> work) => MeasureAsync(stage, job.Request.Model.Name, work, job.Why);

    /// <summary>A stage before there is a job.</summary>
    public T Measure<T>(string stage, Func<T> work)
    {
        var started = time.GetTimestamp();
        try
        {
            var result = work();
            Record(stage, null, time.GetElapsedTime(started), null);
            return result;
        }
        catch (Exception e)
        {
            Record(stage, null, time.GetElapsedTime(started), e);
            throw;
        }
    }

    /// <summary>A job's stage that begins now. One that is not ended is not told.</summary>
    public RunningStage Begin(string stage, Job job)
    {
        var started = time.GetTimestamp();
        return new RunningStage(() => Record(stage, job.Request.Model.Name, time.GetElapsedTime(started), null));
    }

    /// <summary>A job was claimed for the first time.</summary>
    /// <param name="waited">Since its acceptance.</param>
    public void Queued(string model, TimeSpan waited)
    {
        Record(TelemetryNames.QueueSpan, model, waited, null);
        _wait.Record(Math.Max(0, waited.TotalSeconds), new KeyValuePair<string, object?>(TelemetryNames.Model, model));
    }

    private async Task<T> MeasureAsync<T>(string stage, string model, Func<Task<T>> work, Func<Exception, Exception> why)
    {
        var started = time.GetTimestamp();
        try
        {
            var result = await work();
            Record(stage, model, time.GetElapsedTime(started), null);
            return result;
        }
        catch (Exception e)
        {
            Record(stage, model, time.GetElapsedTime(started), why(e));
            throw;
        }
    }

    private void Record(string stage, string? model, TimeSpan duration, Exception? error)
    {
        var tags = new TagList { { TelemetryNames.Stage, stage } };
        if (model is not null)
            tags.Add(TelemetryNames.Model, model);
        if (error is not null)
            tags.Add(TelemetryNames.ErrorType, RpcStatus.Name(Code(error)));
        _duration.Record(Math.Max(0, duration.TotalSeconds), tags);
    }

    // What nobody expected ends the job with INTERNAL.
    private static StatusCode Code(Exception error) => RpcStatus.Of(error) is var code && code == StatusCode.Unknown ? StatusCode.Internal : code;
}
