using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What of a request the model cannot do.</summary>
internal static class ModelFit
{
    private const uint MaxMargin = 1 << 16;

    public static IEnumerable<FieldProblem> Problems(GenerateRequest request, ModelFacts model, ServiceOptions options) =>
        [.. Size(request, model, options), .. Conditioning(request, model), .. Pictures(request, model)];

    private static IEnumerable<FieldProblem> Size(GenerateRequest request, ModelFacts model, ServiceOptions options)
    {
        var margins = request.Source?.Margins ?? new Margins();
        if (Math.Max(Math.Max(margins.Left, margins.Right), Math.Max(margins.Top, margins.Bottom)) > MaxMargin)
        {
            yield return new("source.margins", $"Each must be at most {MaxMargin}.");
            yield break;
        }

        foreach (var (field, given, side) in new[] { ("width", request.HasWidth, request.Width), ("height", request.HasHeight, request.Height) })
        {
            if (given && side < 1)
                yield return new(field, $"It must be a multiple of {model.SizeMultiple} for model '{model.Name}', and is {side}.");
        }

        // Where the sides are the source's own they are known, and checked, once it is read.
        var own = request.Source is not null;
        var (across, down) = ((long)margins.Left + margins.Right, (long)margins.Top + margins.Bottom);
        var width = request.HasWidth ? Math.Max(request.Width + across, 0) : own ? 0 : model.DefaultSize;
        var height = request.HasHeight ? Math.Max(request.Height + down, 0) : own ? 0 : model.DefaultSize;
        if (own && (across % model.SizeMultiple != 0 || down % model.SizeMultiple != 0) && !(request.HasWidth && request.HasHeight))
            yield return new("source.margins", $"Left and right together, and top and bottom, must be multiples of {model.SizeMultiple} for model '{model.Name}'.");
        foreach (var problem in Sides(model, options, width, height))
            yield return problem;
    }

    /// <summary>What is wrong with sides in pixels; 0 is a side that is not known yet.</summary>
    public static IEnumerable<FieldProblem> Sides(ModelFacts model, ServiceOptions options, long width, long height)
    {
        var wrong = false;
        foreach (var (field, side) in new[] { ("width", width), ("height", height) })
        {
            if (side % model.SizeMultiple != 0)
                yield return new(field, $"It must be a multiple of {model.SizeMultiple} for model '{model.Name}', and is {side}.");
            else if (side > options.MaxSide)
                yield return new(field, $"It must be at most {options.MaxSide}, and is {side}.");
            else
                continue;
            wrong = true;
        }

        if (!wrong && width * height > options.MaxPixels)
            yield return new("width", $"Width times height must be at most {options.MaxPixels}, and is {width * height}.");
    }

    private static IEnumerable<FieldProblem> Conditioning(GenerateRequest request, ModelFacts model)
    {
        var hasText = request.Prompt.Length > 0 || request.NegativePrompt.Length > 0;
        if (hasText && model.TextTowers.Count == 0)
            yield return new("prompt", $"Model '{model.Name}' has no text encoder.");
        if (request.Conditioning is not null && (hasText || request.ImagePrompt is not null))
            yield return new("conditioning", "It replaces prompt, negative_prompt and image_prompt, which must be absent.");
        if (request.Conditioning is null && model is { TextTowers.Count: 0, Unet.ContextWidth: > 0 } && request.ImagePrompt is null)
            yield return new("conditioning", $"Model '{model.Name}' has no text encoder: give conditioning made elsewhere.");
        if (request.Conditioning is { Negative: null } && IsGuided(request, model))
            yield return new("conditioning.negative", "It is needed when guidance is on.");
        if (request.ImagePrompt is not null && !(model.HasImageEncoder && model.HasImageProjection))
            yield return new("image_prompt", $"Model '{model.Name}' has no image encoder with a projection.");
        if (request.HasCandidates && (request.ImagePrompt is not null || request.Conditioning is not null))
            yield return new("candidates", "They are ranked by a prompt, without image_prompt and conditioning.");
        else if (request.HasCandidates && !(model.HasImageEncoder && model.TextTowers.Count > 0))
            yield return new("candidates", $"Model '{model.Name}' cannot rank: it has no image encoder, or no text encoder.");
    }

    private static IEnumerable<FieldProblem> Pictures(GenerateRequest request, ModelFacts model)
    {
        if (request.Source is not null && !model.HasVaeEncoder && model.Vae is not null)
            yield return new("source", $"Model '{model.Name}' has no VAE encoder.");
        var takesMask = model.Unet.InChannels == 2 * model.LatentChannels + 1;
        if (takesMask && !(request.Source is { } source && RequestedSource.HasMaskIn(source)))
            yield return new("source.mask", $"Model '{model.Name}' is made for inpainting: it needs a source with a mask.");
        if (!takesMask && model.Unet.InChannels != model.LatentChannels)
            yield return new("model", $"The UNet of model '{model.Name}' takes {model.Unet.InChannels} channels, which this server cannot fill.");
    }

    private static bool IsGuided(GenerateRequest request, ModelFacts model) =>
        (request.HasGuidanceScale ? request.GuidanceScale : model.Defaults.GuidanceScale) > 1
        && model.Unet is { GuidanceEmbeddingWidth: 0, ContextWidth: > 0 };
}
