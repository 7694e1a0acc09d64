using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The way of a job through the house: encode, read the source, denoise, decode.</summary>
internal sealed class GenerationPipeline(
    ConditioningStage conditioningStage,
    SourceReading sources,
    Denoising denoising,
    PictureDecoding pictures,
    Decoding decoding,
    ServiceTelemetry telemetry,
    StageMetrics stages,
    RunMetrics runs,
    TimeProvider time)
{
    public async Task<Done> RunAsync(Job job)
    {
        using var span = Start(job);
        var conditioning = await stages.MeasureAsync(TelemetryNames.EncodeSpan, job, () => conditioningStage.EncodeAsync(job));
        var canvas = job.Request.Source is null
            ? await sources.ReadAsync(job)
            : await stages.MeasureAsync(TelemetryNames.SourceSpan, job, () => sources.ReadAsync(job));
        var denoiseStarted = time.GetTimestamp();
        DenoisedLatents denoised;
        await using (var previews = new Previewing(job, pictures, () => runs.FirstPreview(job, time.GetUtcNow() - job.Accepted)))
            denoised = await stages.MeasureAsync(TelemetryNames.DenoiseSpan, job, () => denoising.DenoiseAsync(job, conditioning, canvas, previews));
        var denoiseTime = time.GetElapsedTime(denoiseStarted);
        await decoding.DecodeAsync(job, denoised.Latents, conditioning, canvas);

        var done = new Done
        {
            PromptTokens = conditioning.PromptTokens,
            TotalSeconds = (time.GetUtcNow() - job.Accepted).TotalSeconds,
            DenoiseSeconds = denoiseTime.TotalSeconds + (job.Checkpoint?.DenoiseSeconds ?? 0),
        };
        done.Warnings.AddRange([.. conditioning.Warnings, .. denoised.Warnings]);
        return done;
    }

    // The spans of an owner that died may have died with it, those above this one too: the link leads to them where no parent does.
    private Activity? Start(Job job)
    {
        if (job.Epoch == 1)
            return telemetry.Start(TelemetryNames.GenerateSpan, ActivityKind.Internal, job.Trace);
        ActivityLink[] links = job.Trace == default ? [] : [new(job.Trace)];
        return telemetry.Start(TelemetryNames.ResumeSpan, ActivityKind.Internal, job.Trace, links)?
            .SetTag(TelemetryNames.ResponseId, job.Id)
            .SetTag(TelemetryNames.ResumeIndex, (int)(job.Checkpoint?.State.Position ?? 0))
            .SetTag(TelemetryNames.Epoch, job.Epoch);
    }
}
