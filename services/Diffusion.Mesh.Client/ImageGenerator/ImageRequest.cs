using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Microsoft.Extensions.AI;

namespace Diffusion.Mesh.Client;

/// <summary>The abstraction's request as a job's.</summary>
[Experimental("MEAI001")]
public static class ImageRequest
{
    private static readonly FrozenDictionary<string, Action<GenerateRequest, object>> Setters = new Dictionary<string, Action<GenerateRequest, object>>
    {
        ["seed"] = (r, v) => r.Seed = Number<ulong>(v),
        ["steps"] = (r, v) => (r.Schedule ??= new Schedule()).Steps = Number<int>(v),
        ["guidance_scale"] = (r, v) => r.GuidanceScale = Number<double>(v),
        ["negative_prompt"] = (r, v) => r.NegativePrompt = Text(v),
        ["sampler"] = (r, v) => r.Sampler = new Sampler { Name = Text(v) },
        ["strength"] = (r, v) => r.Strength = Number<double>(v),
        ["mask"] = (r, v) => (r.Source ??= new PictureInput()).Mask = v is DataContent mask ? Bytes(mask) : throw new FormatException("a DataContent is expected"),
    }.ToFrozenDictionary();

    /// <summary>The additional properties that are known.</summary>
    public static IEnumerable<string> Properties => Setters.Keys;

    /// <exception cref="ArgumentException">Something is not known or wrong, with all such things named.</exception>
    internal static void Fill(GenerateRequest wish, ImageGenerationRequest request, ImageGenerationOptions? options, string? defaultModel)
    {
        var problems = new List<string>();
        wish.Prompt = request.Prompt ?? wish.Prompt;
        wish.Model = options?.ModelId ?? (wish.Model.Length > 0 ? wish.Model : defaultModel ?? "");
        AddOriginal(wish, request, problems);
        if (options is not null)
            AddOptions(wish, options, problems);
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems), nameof(options));
    }

    internal static string MediaType(ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "image/jpeg",
        ImageFormat.Webp => "image/webp",
        _ => "image/png",
    };

    private static void AddOriginal(GenerateRequest wish, ImageGenerationRequest request, List<string> problems)
    {
        var originals = request.OriginalImages?.ToArray() ?? [];
        if (originals is [DataContent only])
            (wish.Source ??= new PictureInput()).Image = Bytes(only);
        else if (originals.Length > 0)
            problems.Add("OriginalImages: one DataContent is expected.");
    }

    private static void AddOptions(GenerateRequest wish, ImageGenerationOptions options, List<string> problems)
    {
        if (options.Count is { } count)
            wish.Count = count;
        if (options.ImageSize is { } size)
            (wish.Width, wish.Height) = (size.Width, size.Height);
        if (options.ResponseFormat is { } form and not ImageGenerationResponseFormat.Data)
            problems.Add($"ResponseFormat: Data is expected, not {form}.");
        if (options.MediaType is { } type)
        {
            wish.ImageOptions ??= new ImageOptions();
            wish.ImageOptions.Format = Format(type);
            if (wish.ImageOptions.Format == ImageFormat.Unspecified)
                problems.Add($"MediaType: image/png, image/jpeg or image/webp is expected, not {type}.");
        }

        foreach (var (name, value) in options.AdditionalProperties ?? [])
            Set(wish, name, value, problems);
    }

    private static void Set(GenerateRequest wish, string name, object? value, List<string> problems)
    {
        if (!Setters.TryGetValue(name, out var set))
        {
            problems.Add($"AdditionalProperties: '{name}' is not known; {string.Join(", ", Properties.Order(StringComparer.Ordinal))} are.");
            return;
        }

        try
        {
            if (value is not null)
                set(wish, value);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            problems.Add($"AdditionalProperties: '{name}': {e.Message.TrimEnd('.')}.");
        }
    }

    private static ImageFormat Format(string type) => type switch
    {
        "image/png" => ImageFormat.Png,
        "image/jpeg" => ImageFormat.Jpeg,
        "image/webp" => ImageFormat.Webp,
        _ => ImageFormat.Unspecified,
    };

    private static T Number<T>(object value) => (T)Convert.ChangeType(value, typeof(T), CultureInfo.InvariantCulture);

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static ByteString Bytes(DataContent content) => ByteString.CopyFrom(content.Data.Span);
}
