using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What is wrong with a request whatever the model.</summary>
internal static class RequestRanges
{
    /// <summary>The most pictures to return.</summary>
    public const int MaxCount = 16;

    /// <summary>The most sampler steps.</summary>
    public const int MaxSteps = 1000;

    /// <summary>The highest guidance scale.</summary>
    public const double MaxGuidance = 50;

    private const int MaxPromptLength = 10_000;
    private const int MaxCandidates = 64;
    private const int MaxPriority = 100;
    private const int MaxRequestId = 128;
    private const int MaxPictureBytes = 32 << 20;

    public static IEnumerable<FieldProblem> Problems(GenerateRequest request) =>
    [
        .. Texts(request),
        .. Numbers(request),
        .. Enums(request),
        .. Pictures(request),
        .. ImageOptionsCheck.Problems(request.ImageOptions ?? new ImageOptions(), "image_options"),
    ];

    private static IEnumerable<FieldProblem> Texts(GenerateRequest request)
    {
        if (request.RequestId.Length > MaxRequestId || request.RequestId.Any(c => !char.IsAsciiLetterOrDigit(c) && !"._:-".Contains(c)))
            yield return new("request_id", $"It must have at most {MaxRequestId} characters, of A-Z, a-z, 0-9 and ._:- only.");
        if (request.Prompt.Length > MaxPromptLength)
            yield return new("prompt", $"It must have at most {MaxPromptLength} characters, and has {request.Prompt.Length}.");
        if (request.NegativePrompt.Length > MaxPromptLength)
            yield return new("negative_prompt", $"It must have at most {MaxPromptLength} characters, and has {request.NegativePrompt.Length}.");
        if (request.TextOptions is { HasClipSkip: true, ClipSkip: < 1 } text)
            yield return new("text_options.clip_skip", $"It must be at least 1, and is {text.ClipSkip}.");
    }

    private static IEnumerable<FieldProblem> Numbers(GenerateRequest request) => new[]
    {
        Range("count", request.HasCount, request.Count, 1, MaxCount),
        Range("candidates", request.HasCandidates, request.Candidates, 1, MaxCandidates),
        Range("guidance_scale", request.HasGuidanceScale, request.GuidanceScale, 0, MaxGuidance),
        Range("guidance_rescale", request.HasGuidanceRescale, request.GuidanceRescale, 0, 1),
        Range("guidance_start", request.HasGuidanceStart, request.GuidanceStart, 0, 1),
        Range("guidance_end", request.HasGuidanceEnd, request.GuidanceEnd, 0, 1),
        Range("schedule.steps", request.Schedule is { HasSteps: true }, request.Schedule?.Steps ?? 0, 1, MaxSteps),
        Range("sampler.eta", request.Sampler is { HasEta: true }, request.Sampler?.Eta ?? 0, 0, 1),
        Range("priority", true, request.Priority, -MaxPriority, MaxPriority),
        Range("image_prompt.text_weight", request.ImagePrompt is not null, request.ImagePrompt?.TextWeight ?? 0, 0, 1),
        Range("previews.every", request.Previews is not null, request.Previews?.Every ?? 1, 1, MaxSteps),
        request.HasStrength && !(request.Strength is > 0 and <= 1)
            ? new FieldProblem("strength", $"It must be above 0 and at most 1, and is {request.Strength}.")
            : null,
        request is { HasGuidanceStart: true, HasGuidanceEnd: true } && request.GuidanceStart > request.GuidanceEnd
            ? new FieldProblem("guidance_end", "It must not be before guidance_start.")
            : null,
        request is { HasCount: true, HasCandidates: true } && request.Candidates is > 0 and <= MaxCandidates && request.Count > request.Candidates
            ? new FieldProblem("candidates", "They must be at least as many as count.")
            : null,
    }.OfType<FieldProblem>();

    private static IEnumerable<FieldProblem> Enums(GenerateRequest request)
    {
        var schedule = request.Schedule ?? new Schedule();
        if (!Enum.IsDefined(schedule.Spacing))
            yield return new("schedule.spacing", "It must be LEADING, TRAILING or LINSPACE.");
        if (!Enum.IsDefined(schedule.Sigmas))
            yield return new("schedule.sigmas", "It must be DEFAULT, KARRAS, EXPONENTIAL or BETA.");
        if (!Enum.IsDefined(schedule.FinalSigma))
            yield return new("schedule.final_sigma", "It must be ZERO or SIGMA_MIN.");
        if (!Enum.IsDefined(request.OnDisconnect))
            yield return new("on_disconnect", "It must be CANCEL or DETACH.");
        if (!Enum.IsDefined(request.TextOptions?.LongPrompt ?? LongPrompt.Unspecified))
            yield return new("text_options.long_prompt", "It must be TRUNCATE or CHUNK.");
        if (!Enum.IsDefined(request.Source?.Resize ?? ResizeMode.Unspecified))
            yield return new("source.resize", "It must be STRETCH, CROP or PAD.");
    }

    private static IEnumerable<FieldProblem> Pictures(GenerateRequest request)
    {
        foreach (var (field, picture) in new[]
            { ("source.image", request.Source?.Image), ("source.mask", request.Source?.Mask), ("image_prompt.image", request.ImagePrompt?.Image) })
        {
            if (picture?.Length > MaxPictureBytes)
                yield return new(field, $"It must have at most {MaxPictureBytes} bytes, and has {picture.Length}.");
            else if (picture is { Length: 0 } && field != "source.mask")
                yield return new(field, "It must be a PNG, JPEG or WebP file.");
        }

        // Sides of a source follow from width and height of the request.
        if (request.Source is { } source && (source.Width | source.Height | source.Multiple) != 0)
            yield return new("source.width", "The size is given by width and height of the request.");
        if (request.Source is { MaskIsAlpha: true, Mask.Length: 0 })
            yield return new("source.mask_is_alpha", "It needs a mask.");
        if (request.Source is { InvertMask: true, Mask.Length: 0 })
            yield return new("source.invert_mask", "It needs a mask.");
        if (request is { HasStrength: true, Source: null })
            yield return new("strength", "It needs a source.");
        if (request.Composite && !(request.Source is { } s && RequestedSource.HasMaskIn(s)))
            yield return new("composite", "It needs a source with a mask or margins.");
    }

    private static FieldProblem? Range(string field, bool given, double value, double least, double most) =>
        given && !(value >= least && value <= most) ? new(field, $"It must be {least} to {most}, and is {value}.") : null;
}
