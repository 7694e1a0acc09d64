using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Tells of model evaluations as they are reported: an event for the client, what it took, and a span with the worker's own times. Made here, so that a
/// worker's death loses none.
/// </summary>
internal sealed class StepReport(Job job, DenoisePace pace, ServiceTelemetry telemetry, ActivityContext parent)
{
    private readonly string _model = JobModels.Key(job.Request.Model);
    private readonly double _cost = JobCosts.Of(job.Request) / Math.Max(1, job.Request.Sampler.Evaluations.Count);
    private uint _completed = job.Checkpoint?.State.Position ?? 0;

    public void Report(IEnumerable<Evaluation> evaluations, DenoiseAccepted accepted, int attempt)
    {
        foreach (var evaluation in evaluations)
        {
            Trace(evaluation, accepted.Worker, attempt);
            pace.Report(_model, _cost, evaluation);
            // What is done again after a take-over is no news to the client.
            if (evaluation.Index < _completed)
                continue;
            _completed = evaluation.Index + 1;
            job.Outbox.Tell(new GenerateEvent
            {
                Step = new Step
                {
                    Completed = _completed,
                    Evaluations = accepted.Evaluations,
                    Timestep = evaluation.Timestep,
                },
            });
        }
    }

    private void Trace(Evaluation evaluation, string worker, int attempt)
    {
        // The pass may have been shared with other jobs: it has a span of its own, which links to all of them.
        ActivityLink[]? links = ActivityContext.TryParse(evaluation.ForwardSpan, null, isRemote: true, out var forward) ? [new(forward)] : null;
        using var span = telemetry.Source.StartActivity(
            TelemetryNames.StepSpan, ActivityKind.Internal, parent, links: links, startTime: evaluation.Started.ToDateTimeOffset());
        span?.SetTag(TelemetryNames.StepIndex, (int)evaluation.Index)
            .SetTag(TelemetryNames.Timestep, evaluation.Timestep)
            .SetTag(TelemetryNames.Sigma, evaluation.Sigma)
            .SetTag(TelemetryNames.Rows, (int)evaluation.Rows)
            .SetTag(TelemetryNames.BatchRows, (int)evaluation.BatchRows)
            .SetTag(TelemetryNames.Worker, worker)
            .SetTag(TelemetryNames.Attempt, attempt)
            .SetEndTime(evaluation.Ended.ToDateTime());
    }
}
