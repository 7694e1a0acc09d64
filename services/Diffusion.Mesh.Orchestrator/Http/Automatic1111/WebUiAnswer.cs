using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The answer of <c>txt2img</c> and <c>img2img</c>.</summary>
/// <param name="Images">Picture files.</param>
/// <param name="Parameters">The request as it was understood, without pictures.</param>
/// <param name="Info">A <see cref="WebUiInfo"/> as JSON: a text, as clients expect.</param>
internal sealed record WebUiAnswer(IReadOnlyList<byte[]> Images, WebUiParameters Parameters, string Info)
{
    public static WebUiAnswer Of(WebUiWish wish, WebUiPictures pictures, DateTimeOffset now) => new(
        pictures.Files, WebUiParameters.Of(wish, pictures), Encoding.UTF8.GetString(ApiJson.Bytes(WebUiInfo.Of(wish, pictures, now))));
}

/// <summary>Settings in use.</summary>
internal sealed record WebUiParameters(
    string Prompt,
    string NegativePrompt,
    ulong Seed,
    uint Steps,
    double CfgScale,
    uint Width,
    uint Height,
    string SamplerName,
    string Scheduler,
    int BatchSize,
    int NIter,
    double? DenoisingStrength)
{
    public static WebUiParameters Of(WebUiWish wish, WebUiPictures pictures)
    {
        var (request, queued) = (wish.Request, pictures.Job);
        return new WebUiParameters(
            request.Prompt,
            request.NegativePrompt,
            queued.Seed,
            queued.Steps,
            queued.GuidanceScale,
            pictures.Size.Width,
            pictures.Size.Height,
            WebUiSamplers.Label(queued.Sampler),
            wish.Schedule,
            wish.BatchSize,
            wish.Iterations,
            request.HasStrength ? request.Strength : null);
    }
}

/// <summary>What clients show and keep of pictures.</summary>
/// <param name="AllSeeds">
/// Seeds that make each picture again by itself. Only of a single picture there is one: those of a request share one noise stream, so the others come again with the
/// request's seed and number of pictures alone.
/// </param>
/// <param name="Warnings">What was done otherwise than it was asked for.</param>
internal sealed record WebUiInfo(
    string Prompt,
    IReadOnlyList<string> AllPrompts,
    string NegativePrompt,
    IReadOnlyList<string> AllNegativePrompts,
    ulong Seed,
    IReadOnlyList<ulong>? AllSeeds,
    uint Width,
    uint Height,
    string SamplerName,
    double CfgScale,
    uint Steps,
    int BatchSize,
    bool RestoreFaces,
    string SdModelName,
    string SdModelHash,
    double? DenoisingStrength,
    int IndexOfFirstImage,
    IReadOnlyList<string> Infotexts,
    string JobTimestamp,
    int ClipSkip,
    IReadOnlyList<string> Warnings,
    [property: JsonPropertyName("version")] string ServerVersion)
{
    public static WebUiInfo Of(WebUiWish wish, WebUiPictures pictures, DateTimeOffset now)
    {
        var (request, queued, used) = (wish.Request, pictures.Job, WebUiParameters.Of(wish, pictures));
        var count = pictures.Files.Count;
        return new WebUiInfo(
            used.Prompt,
            [.. Enumerable.Repeat(used.Prompt, count)],
            used.NegativePrompt,
            [.. Enumerable.Repeat(used.NegativePrompt, count)],
            used.Seed,
            request.Count == 1 ? [used.Seed] : null,
            used.Width,
            used.Height,
            used.SamplerName,
            used.CfgScale,
            used.Steps,
            used.BatchSize,
            RestoreFaces: false,
            queued.Model,
            ShortHash(queued.ModelRevision),
            used.DenoisingStrength,
            IndexOfFirstImage: 0,
            [.. Enumerable.Range(0, count).Select(i => Infotext(wish, used, queued.Model, queued.ModelRevision, i))],
            now.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture),
            wish.ClipSkip,
            [.. pictures.Done.Warnings],
            $"Diffusion Mesh {ServiceVersion.Text}");
    }

    /// <summary>As much of a model's revision as there stands for a file's hash.</summary>
    public static string ShortHash(string revision) => revision[..Math.Min(10, revision.Length)];

    private static string Infotext(WebUiWish wish, WebUiParameters used, string model, string revision, int index)
    {
        var lines = new StringBuilder(used.Prompt).Append('\n');
        if (used.NegativePrompt.Length > 0)
            lines.Append("Negative prompt: ").Append(used.NegativePrompt).Append('\n');
        lines.Append(CultureInfo.InvariantCulture, $"Steps: {used.Steps}, Sampler: {used.SamplerName}, Schedule type: {used.Scheduler}, CFG scale: {used.CfgScale}");
        lines.Append(CultureInfo.InvariantCulture, $", Seed: {used.Seed}, Size: {used.Width}x{used.Height}, Model hash: {ShortHash(revision)}, Model: {model}");
        if (used.DenoisingStrength is { } strength)
            lines.Append(CultureInfo.InvariantCulture, $", Denoising strength: {strength}");
        if (wish.ClipSkip > 1)
            lines.Append(CultureInfo.InvariantCulture, $", Clip skip: {wish.ClipSkip}");
        if (wish.Request.Count > 1)
            lines.Append(CultureInfo.InvariantCulture, $", Picture: {index + 1} of {wish.Request.Count}");
        return lines.Append(", Version: Diffusion Mesh ").Append(ServiceVersion.Text).ToString();
    }
}
