using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Whatever a request is steered by, as the UNet's inputs.</summary>
internal sealed class ConditioningStage(TextEncoding texts, WorkerCalls workers, ServiceTelemetry telemetry)
{
    public async Task<JobConditioning> EncodeAsync(Job job)
    {
        using var span = telemetry.Start(TelemetryNames.EncodeSpan);
        var request = job.Request;
        var conditioning = request switch
        {
            { Outside: { } outside } => new JobConditioning(outside.Positive ?? new Conditioning(), request.IsGuided ? outside.Negative : null, 0, null, []),
            { ImagePrompt: { } prompt } => await FromPictureAsync(job, prompt),
            { Model.TextTowers.Count: > 0 } => await FromTextAsync(job),
            _ => new JobConditioning(new Conditioning(), null, 0, null, []),
        };
        span?.SetTag(TelemetryNames.InputTokens, conditioning.PromptTokens);
        return conditioning;
    }

    private async Task<JobConditioning> FromTextAsync(Job job)
    {
        var request = job.Request;
        var zeroNegative = request.IsGuided && request.NegativePrompt.Length == 0 && request.Model.ZeroEmptyNegative;
        var encoded = request.IsGuided && !zeroNegative ? await BothAsync(job) : await texts.EncodeAsync(job, request.TextOptions, request.Prompt);
        var positive = encoded[0];
        var negative = zeroNegative ? ConditioningInputs.Zeros(positive.Conditioning) : request.IsGuided ? encoded[1].Conditioning : null;
        return new JobConditioning(
            positive.Conditioning, negative, positive.TokenCount, positive.Pooled, [.. Warnings(request, positive, encoded.ElementAtOrDefault(1))]);
    }

    private async Task<JobConditioning> FromPictureAsync(Job job, ImagePrompt prompt)
    {
        var request = job.Request;
        var message = new EncodeImageRequest
        {
            Model = request.Model.Name,
            ModelRevision = request.Model.Revision,
            Image = prompt.Image,
            Text = request.Prompt,
            TextWeight = prompt.TextWeight,
        };
        var response = await workers.CallAsync<EncodeImageResponse>(WorkerCall.For(WorkerRole.TextEncoder, job), async attempt =>
            await new TextEncoder.TextEncoderClient(attempt.Invoker).EncodeImageAsync(message, attempt.Options));
        // A negative prompt steers away from words; without one the unguided side is that of no picture.
        var negative = request.NegativePrompt.Length > 0 ? (await texts.EncodeAsync(job, NegativeOptions(request), request.NegativePrompt))[0].Conditioning : response.Unconditional;
        return new JobConditioning(response.Conditioning, request.IsGuided ? negative : null, 0, null, []);
    }

    // One call where both prompts are read alike.
    private async Task<EncodedText[]> BothAsync(Job job)
    {
        var request = job.Request;
        var options = NegativeOptions(request);
        return options.Equals(request.TextOptions)
            ? await texts.EncodeAsync(job, options, request.Prompt, request.NegativePrompt)
            :
            [
                .. await texts.EncodeAsync(job, request.TextOptions, request.Prompt),
                .. await texts.EncodeAsync(job, options, request.NegativePrompt),
            ];
    }

    // As in diffusers, layers are skipped for the prompt alone.
    private static TextOptions NegativeOptions(ValidRequest request)
    {
        var options = request.TextOptions.Clone();
        options.ClearClipSkip();
        return options;
    }

    private static IEnumerable<string> Warnings(ValidRequest request, EncodedText positive, EncodedText? negative)
    {
        // Start and end take two of the window's places.
        var room = request.Model.TextWindow - 2;
        if (positive.Truncated)
            yield return $"The prompt has {positive.TokenCount} tokens; those after the first {room} were left out.";
        if (negative is { Truncated: true })
            yield return $"The negative prompt has {negative.TokenCount} tokens; those after the first {room} were left out.";
    }
}
