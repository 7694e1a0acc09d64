using System.Diagnostics;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Tells of model evaluations as they are reported: an event for the client, what it took, and a span below <paramref name="parent"/>.</summary>
internal sealed class StepReport(Job job, DenoisePace pace, ActivityContext parent)
{
    private readonly string _model = JobModels.Key(job.Request.Model);
    private readonly double _cost = JobCosts.Of(job.Request) / Math.Max(1, job.Request.Sampler.Evaluations.Count);
    private uint _completed = job.Checkpoint?.State.Position ?? 0;

    public void Report(IEnumerable<Evaluation> evaluations, DenoiseAccepted accepted, int attempt)
    {
        foreach (var evaluation in evaluations)
        {
            job.Steps.Add(evaluation, accepted.Worker, attempt, parent);
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
}
