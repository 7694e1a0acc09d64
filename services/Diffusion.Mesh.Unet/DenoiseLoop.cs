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
        LogBegins(job.Id, job.Done, job.Evaluations);
        var denoiser = new Denoiser(job);
        while (job.Done < job.Evaluations)
        {
            cancellation.ThrowIfCancellationRequested();
            if (readiness.IsDraining)
            {
                outbox.Complete(new DenoiseResponse { HandedBack = new HandedBack { State = StateMessages.Write(job, options.Provider) } });
                return;
            }

            var (evaluation, preview) = await gate.RunAsync(() => Step(job, denoiser), cancellation);
            outbox.Report(evaluation);
            if (preview is not null)
                outbox.Report(preview);
            if (IsDue(job.StateEvery, job.Done))
                outbox.Report(StateMessages.Write(job, options.Provider));
        }

        outbox.Complete(new DenoiseResponse
        {
            Denoised = new Denoised { Latents = TensorMessages.ToMessage(job.State.Latents, job.LatentShape) },
        });
    }

    private (Evaluation Evaluation, DenoisePreview? Preview) Step(ValidDenoiseJob job, Denoiser denoiser)
    {
        var (index, position, rows) = (job.Done, job.State.Position, denoiser.Rows);
        var planned = job.Sampler.Evaluations[position];
        var started = time.GetUtcNow();
        DenoisePreview? preview;
        using (var span = telemetry.Start(TelemetryNames.ForwardSpan))
        {
            span?.SetTag(TelemetryNames.StepIndex, index).SetTag(TelemetryNames.BatchRows, rows);
            var prediction = denoiser.Predict();
            preview = Preview(job, prediction);
            job.Sampler.Step(job.State, prediction, job.Noise);
            job.Known?.Restore(job.State.Latents, job.Sampler, job.State.Position);
        }

        var evaluation = new Evaluation
        {
            Index = (uint)index,
            Timestep = planned.Timestep,
            Sigma = planned.Sigma,
            Started = started.ToTimestamp(),
            Ended = time.GetUtcNow().ToTimestamp(),
            Rows = (uint)rows,
            BatchRows = (uint)rows,
        };
        return (evaluation, preview);
    }

    // Made before the step, which changes the latents in place. After the last evaluation the result is there.
    private static DenoisePreview? Preview(ValidDenoiseJob job, ReadOnlySpan<float> prediction)
    {
        var completed = job.Done + 1;
        if (!IsDue(job.PreviewEvery, completed) || completed == job.Evaluations)
            return null;
        var clean = new float[prediction.Length];
        job.Sampler.PredictClean(job.State.Position, job.State.Latents, prediction, clean);
        job.Known?.Restore(clean);
        return new DenoisePreview { Completed = (uint)completed, Latents = TensorMessages.ToMessage(clean, job.LatentShape) };
    }

    private static bool IsDue(uint every, int done) => every > 0 && done % every == 0;

    [LoggerMessage(300, LogLevel.Information, "Job {Job} begins at evaluation {Position} of {Evaluations}")]
    private partial void LogBegins(string job, int position, int evaluations);
}
