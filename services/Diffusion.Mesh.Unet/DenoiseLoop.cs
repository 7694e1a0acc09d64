using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Unet;

/// <summary>Runs a job to its end, or until it is cancelled or the worker drains.</summary>
internal sealed partial class DenoiseLoop(
    ExecutionGate gate, ServiceTelemetry telemetry, Readiness readiness, ServiceOptions options, TimeProvider time, ILogger<DenoiseLoop> logger)
{
    public async Task RunAsync(ValidDenoiseJob job, DenoiseOutbox outbox, CancellationToken cancellation)
    {
        LogBegins(job.Id, job.State.Position, job.Sampler.Evaluations.Count);
        var denoiser = new Denoiser(job);
        while (job.State.Position < job.Sampler.Evaluations.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            if (readiness.IsDraining)
            {
                outbox.Complete(new DenoiseResponse { HandedBack = new HandedBack { State = StateMessages.Write(job, options.Provider) } });
                return;
            }

            var evaluation = await gate.RunAsync(() => Step(job, denoiser), cancellation);
            outbox.Report(evaluation);
            if (job.StateEvery > 0 && job.State.Position % job.StateEvery == 0)
                outbox.Report(StateMessages.Write(job, options.Provider));
        }

        outbox.Complete(new DenoiseResponse
        {
            Denoised = new Denoised { Latents = TensorMessages.ToMessage(job.State.Latents, job.LatentShape) },
        });
    }

    private Evaluation Step(ValidDenoiseJob job, Denoiser denoiser)
    {
        var index = job.State.Position;
        var planned = job.Sampler.Evaluations[index];
        var started = time.GetUtcNow();
        using (var span = telemetry.Start(TelemetryNames.ForwardSpan))
        {
            span?.SetTag(TelemetryNames.StepIndex, index).SetTag(TelemetryNames.BatchRows, denoiser.Rows);
            job.Sampler.Step(job.State, denoiser.Predict(), job.Noise);
        }

        return new Evaluation
        {
            Index = (uint)index,
            Timestep = planned.Timestep,
            Sigma = planned.Sigma,
            Started = started.ToTimestamp(),
            Ended = time.GetUtcNow().ToTimestamp(),
            Rows = (uint)denoiser.Rows,
            BatchRows = (uint)denoiser.Rows,
        };
    }

    [LoggerMessage(300, LogLevel.Information, "Job {Job} begins at evaluation {Position} of {Evaluations}")]
    private partial void LogBegins(string job, int position, int evaluations);
}
