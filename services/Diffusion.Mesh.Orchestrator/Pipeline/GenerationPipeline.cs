using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The way of a job through the house: encode, denoise, decode.</summary>
internal sealed class GenerationPipeline(
    PromptEncoding encoding, Denoising denoising, Decoding decoding, ServiceTelemetry telemetry, TimeProvider time)
{
    public async Task RunAsync(Job job)
    {
        using var span = telemetry.Source.StartActivity(TelemetryNames.GenerateSpan, ActivityKind.Internal, job.Trace);
        var prompts = await encoding.EncodeAsync(job);
        var denoiseStarted = time.GetTimestamp();
        var denoised = await denoising.DenoiseAsync(job, prompts);
        var denoiseTime = time.GetElapsedTime(denoiseStarted);
        await decoding.DecodeAsync(job, denoised.Latents);

        var done = new Done
        {
            PromptTokens = prompts.Positive.TokenCount,
            TotalSeconds = (time.GetUtcNow() - job.Accepted).TotalSeconds,
            DenoiseSeconds = denoiseTime.TotalSeconds,
        };
        done.Warnings.AddRange(TextWarnings(job.Request, prompts));
        done.Warnings.AddRange(denoised.Warnings);
        job.Events.Add(new GenerateEvent { Done = done });
    }

    private static IEnumerable<string> TextWarnings(ValidRequest request, EncodedPrompts prompts)
    {
        // Start and end take two of the window's places.
        var room = request.Model.TextWindow - 2;
        if (prompts.Positive.Truncated)
            yield return $"The prompt has {prompts.Positive.TokenCount} tokens; those after the first {room} were left out.";
        if (prompts.Negative is { Truncated: true } negative)
            yield return $"The negative prompt has {negative.TokenCount} tokens; those after the first {room} were left out.";
    }
}
