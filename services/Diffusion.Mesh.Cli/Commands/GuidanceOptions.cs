using System.CommandLine;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary>How the prompt is read, and how strongly it is followed.</summary>
internal static class GuidanceOptions
{
    public static IEnumerable<RequestOption> All() =>
    [
        RequestOption.Of(Parsed.Number<double>("--guidance", "Classifier-free guidance scale, 0 to 50."), (r, v) => r.GuidanceScale = v!.Value),
        RequestOption.Of(
            Parsed.Number<double>("--guidance-rescale", "Guidance rescale, 0 (none) to 1."), (r, v) => r.GuidanceRescale = v!.Value),
        RequestOption.Of(
            Parsed.Number<double>("--guidance-start", "Guide from this share of the steps on, 0 to 1."), (r, v) => r.GuidanceStart = v!.Value),
        RequestOption.Of(
            Parsed.Number<double>("--guidance-end", "Guide up to this share of the steps, 0 to 1."), (r, v) => r.GuidanceEnd = v!.Value),
        RequestOption.Of(
            Parsed.Number<int>("--clip-skip", "Hidden layers of the text encoder to leave out, counted from the end."), (r, v) => Text(r).ClipSkip = v!.Value),
        RequestOption.Of(
            new Option<bool>("--chunk") { Description = "Encode a long prompt in windows instead of leaving its end out." },
            (r, v) => Text(r).LongPrompt = v ? LongPrompt.Chunk : LongPrompt.Truncate),
        RequestOption.Of(
            new Option<bool>("--weights") { Description = "Read (word:1.3) in prompts as attention." }, (r, v) => Text(r).AttentionWeights = v),
    ];

    private static TextOptions Text(GenerateRequest request) => request.TextOptions ??= new TextOptions();
}
