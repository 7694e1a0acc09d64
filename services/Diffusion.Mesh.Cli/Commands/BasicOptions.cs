using System.CommandLine;
using System.Globalization;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary>What every picture has: size, seed, steps, sampler.</summary>
internal static class BasicOptions
{
    public static IEnumerable<RequestOption> All() =>
    [
        RequestOption.Of(new Option<string>("--negative") { Description = "What to steer away from." }, (r, v) => r.NegativePrompt = v),
        RequestOption.Of(Parsed.Number<ulong>("--seed", "The same seed gives the same picture; drawn when none is given."), (r, v) => r.Seed = v!.Value),
        RequestOption.Of(
            Parsed.Value<(int Width, int Height)?>("--size", "WIDTHxHEIGHT in pixels, for example 128x128.", ParseSize),
            (r, v) => (r.Width, r.Height) = v!.Value),
        RequestOption.Of(Parsed.Number<int>("--count", "How many pictures, 1 to 16."), (r, v) => r.Count = v!.Value),
        RequestOption.Of(
            Parsed.Number<int>("--candidates", "Make so many, 1 to 64, and keep those that fit the prompt best."), (r, v) => r.Candidates = v!.Value),
        RequestOption.Of(Parsed.Number<int>("--steps", "Sampler steps, 1 to 1000."), (r, v) => Schedule(r).Steps = v!.Value),
        RequestOption.Of(
            new Option<string>("--sampler") { Description = "For example ddim, euler, euler_a, dpmpp_2m, unipc; see docs/samplers.md." },
            (r, v) => Sampler(r).Name = v),
        RequestOption.Of(Parsed.Number<double>("--eta", "Share of fresh noise in a step, 0 to 1, for ddim and tcd."), (r, v) => Sampler(r).Eta = v!.Value),
        RequestOption.Of(
            Parsed.Name<TimestepSpacing>("--spacing", "Timestep spacing: leading, trailing or linspace."), (r, v) => Schedule(r).Spacing = v!.Value),
        RequestOption.Of(
            Parsed.Name<SigmaSchedule>("--sigmas", "Noise levels: default, karras, exponential or beta."), (r, v) => Schedule(r).Sigmas = v!.Value),
        RequestOption.Of(new Option<bool>("--no-metadata") { Description = "Leave prompt and settings out of the file." }, (r, v) => r.OmitMetadata = v),
    ];

    private static Schedule Schedule(GenerateRequest request) => request.Schedule ??= new Schedule();

    private static Sampler Sampler(GenerateRequest request) => request.Sampler ??= new Sampler();

    private static (int Width, int Height)? ParseSize(string text)
    {
        var parts = text.Split('x', 'X');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var height)
            ? (width, height)
            : throw new FormatException($"'{text}' is no size; WIDTHxHEIGHT is expected, for example 512x512");
    }
}
