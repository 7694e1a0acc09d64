using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Reads <c>txt2img</c> and <c>img2img</c>; everything wrong is told at once, by the names that the client knows.</summary>
internal sealed partial class WebUiReader(RequestParser parser)
{
    private const string Overrides = "override_settings";

    // What AUTOMATIC1111 has for them.
    private const int PreviewEvery = 10;
    private const double Strength = 0.75;

    /// <param name="fields">Those of the method.</param>
    /// <param name="model">The model where the request names none.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public WebUiWish Read(JsonElement json, IReadOnlyList<WebUiField> fields, string model)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw RichErrors.BadRequest([new("body", "It must be an object.")]);
        var problems = new List<FieldProblem>();
        var (values, overrides) = (new WebUiValues("", problems), new WebUiValues($"{Overrides}.", problems));
        values.Read(json, fields);
        if (values.Get<JsonElement>(Overrides) is { } settings)
            overrides.Read(settings, WebUiFields.Overrides);
        var wish = Translate(values, overrides, model);
        if (ReferenceEquals(fields, WebUiFields.ImageToImage))
            WebUiSource.Read(values, wish.Request, Strength);
        return problems.Count == 0 ? wish : throw RichErrors.BadRequest([.. problems, .. Others(wish.Request, problems)]);
    }

    private static WebUiWish Translate(WebUiValues values, WebUiValues overrides, string model)
    {
        var (batch, iterations) = (values.Int("batch_size") ?? 1, values.Int("n_iter") ?? 1);
        var clipSkip = ClipSkip(values, overrides);
        var request = new GenerateRequest
        {
            RequestId = WebUiJobs.Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Model = overrides.Text("sd_model_checkpoint") is { } named ? WebUiModels.NameOf(named) : model,
            Prompt = Prompt(values, "prompt"),
            NegativePrompt = Prompt(values, "negative_prompt"),
            TextOptions = new TextOptions { AttentionWeights = true },
            ImageOptions = new ImageOptions { Format = Format(overrides) },
            Count = Count(values, batch, iterations),
        };
        if (clipSkip > 1)
            request.TextOptions.ClipSkip = clipSkip - 1;
        if (values.Int("width") is { } width)
            request.Width = width;
        if (values.Int("height") is { } height)
            request.Height = height;
        if (values.Get<double>("cfg_scale") is { } guidance)
            request.GuidanceScale = guidance;
        if (Seed(values) is { } seed)
            request.Seed = seed;
        if ((overrides.Int("show_progress_every_n_steps") ?? PreviewEvery) is > 0 and var every)
            request.Previews = new PreviewOptions { Every = Math.Min(every, RequestRanges.MaxSteps) };
        return new WebUiWish(request, WebUiSampling.Read(values, request), batch, iterations, clipSkip);
    }

    // Tags of extra networks are no words.
    private static string Prompt(WebUiValues values, string field)
    {
        var prompt = values.Text(field) ?? "";
        if (ExtraNetwork().IsMatch(prompt))
            values.Report(field, "It names an extra network in angle brackets, and this server has none.");
        return prompt;
    }

    private static ulong? Seed(WebUiValues values)
    {
        if (values.Get<long>("seed") is not { } seed || seed == -1)
            return null;
        if (seed < -1)
            values.Report("seed", $"It must be -1, for one that is drawn, or 0 and above, and is {seed}.");
        return (ulong)Math.Max(seed, 0);
    }

    private static int Count(WebUiValues values, long batch, long iterations)
    {
        if (batch is >= 1 and <= RequestRanges.MaxCount && iterations is >= 1 and <= RequestRanges.MaxCount && batch * iterations <= RequestRanges.MaxCount)
            return (int)(batch * iterations);
        values.Report(batch == 1 ? "n_iter" : "batch_size", $"batch_size times n_iter must be 1 to {RequestRanges.MaxCount}, each at least 1.");
        return 1;
    }

    private static int ClipSkip(WebUiValues values, WebUiValues overrides)
    {
        var (own, setting) = (values.Int("clip_skip"), overrides.Int("CLIP_stop_at_last_layers"));
        if (own is { } one && setting is { } other && one != other)
            values.Report("clip_skip", "override_settings.CLIP_stop_at_last_layers says otherwise.");
        if (own < 1)
            values.Report("clip_skip", $"It must be at least 1, and is {own}.");
        if (setting < 1)
            overrides.Report("CLIP_stop_at_last_layers", $"It must be at least 1, and is {setting}.");
        return setting ?? own ?? 1;
    }

    private static ImageFormat Format(WebUiValues overrides)
    {
        switch (overrides.Text("samples_format")?.ToLowerInvariant())
        {
            case null or "png":
                return ImageFormat.Png;
            case "jpg" or "jpeg":
                return ImageFormat.Jpeg;
            case "webp":
                return ImageFormat.Webp;
            default:
                overrides.Report("samples_format", "It must be png, jpg, jpeg or webp.");
                return ImageFormat.Png;
        }
    }

    // What else is wrong; not of fields that could not be read.
    private IEnumerable<FieldProblem> Others(GenerateRequest request, IReadOnlyList<FieldProblem> known)
    {
        try
        {
            parser.Parse(request);
            return [];
        }
        catch (RpcException e)
        {
            return WebUiErrors.Renamed(RichErrors.Problems(e)).Where(p => known.All(k => k.Field != p.Field));
        }
    }

    [GeneratedRegex("<(?:lora|lyco|hypernet):", RegexOptions.IgnoreCase)]
    private static partial Regex ExtraNetwork();
}
