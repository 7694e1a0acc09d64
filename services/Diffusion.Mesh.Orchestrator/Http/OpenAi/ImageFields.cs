using System.Collections.Frozen;
using System.Globalization;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The fields of OpenAI's calls. Those of theirs that mean nothing here may have the value that says so; everything else is refused by name, never ignored.
/// </summary>
internal static class ImageFields
{
    private const ImageCall All = ImageCall.Generation | ImageCall.Edit | ImageCall.Variation;
    private const ImageCall Prompted = ImageCall.Generation | ImageCall.Edit;
    private const ImageCall Sourced = ImageCall.Edit | ImageCall.Variation;

    /// <summary>The type of fields that are files.</summary>
    public const string FileType = "file";

    private static readonly FrozenDictionary<string, Field> Fields = new Dictionary<string, Field>
    {
        ["model"] = Text(All, (wish, value) => wish.Request.Model = value),
        ["prompt"] = Text(Prompted, (wish, value) => wish.Prompt = value),
        ["negative_prompt"] = Text(Prompted, (wish, value) => wish.Request.NegativePrompt = value),
        ["n"] = Whole(All, (wish, value) => wish.Request.Count = value),
        ["size"] = new(All, "string", "auto, or WIDTHxHEIGHT in pixels", Size),
        ["seed"] = new(All, "integer", "a whole number, 0 to 2^64 - 1", (wish, value) => value.Seed is { } seed && Set(() => wish.Request.Seed = seed)),
        ["steps"] = Whole(All, (wish, value) => (wish.Request.Schedule ??= new Schedule()).Steps = value),
        ["guidance_scale"] = Number(All, (wish, value) => wish.Request.GuidanceScale = value),
        ["sampler"] = Text(All, (wish, value) => wish.Request.Sampler = new Sampler { Name = value }),
        ["strength"] = Number(ImageCall.Edit, (wish, value) => wish.Request.Strength = value),
        ["image"] = File(Sourced, (wish, value) => wish.Image = value.File),
        ["mask"] = File(ImageCall.Edit, (wish, value) => wish.Mask = value.File),
        ["response_format"] = OneOf(All, ("b64_json", _ => { }), ("url", wish => wish.AsUrl = true)),
        ["output_format"] = OneOf(All, Format("png", ImageFormat.Png), Format("jpeg", ImageFormat.Jpeg), Format("webp", ImageFormat.Webp)),
        ["output_compression"] = Range(All, ImageWish.NoCompression, (wish, value) => wish.Compression = value),
        ["stream"] = new(Prompted, "boolean", "true or false", (wish, value) => value.Flag is { } flag && Set(() => wish.Stream = flag)),
        ["partial_images"] = Range(Prompted, 3, (wish, value) => wish.PartialImages = value),
        ["quality"] = OneOf(All, Neutral("auto"), Neutral("standard")),
        ["background"] = OneOf(Prompted, Neutral("auto"), Neutral("opaque")),
        ["moderation"] = OneOf(ImageCall.Generation, Neutral("auto")),
        ["user"] = Text(All, (_, _) => { }),
        ["safety_identifier"] = Text(All, (_, _) => { }),
    }.ToFrozenDictionary();

    /// <summary>The fields of a call by name: JSON's type, or <see cref="FileType"/>, and what is expected, in words.</summary>
    public static IEnumerable<(string Name, string Type, string Expected)> Of(ImageCall call) =>
        Fields.Where(f => f.Value.Calls.HasFlag(call)).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => (f.Key, f.Value.Type, f.Value.Expected));

    /// <summary>Reads a field into a wish.</summary>
    /// <returns>What is wrong; null: nothing.</returns>
    public static string? Read(string name, FieldValue value, ImageWish wish) =>
        !Fields.TryGetValue(name, out var field) || !field.Calls.HasFlag(wish.Call) ? OpenAiErrors.NoSuchField
        : field.Read(wish, value) ? null
        : $"It must be {field.Expected}.";

    private static bool Size(ImageWish wish, FieldValue value)
    {
        if (value.Text == "auto")
            return true;
        if (value.Text?.Split('x') is not [var across, var down] || Side(across) is not { } width || Side(down) is not { } height)
            return false;
        (wish.Request.Width, wish.Request.Height) = (width, height);
        return true;
    }

    private static int? Side(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var side) && side > 0 ? side : null;

    private static Field Text(ImageCall calls, Action<ImageWish, string> set) =>
        new(calls, "string", "a text", (wish, value) => value.Text is { } text && Set(() => set(wish, text)));

    private static Field Whole(ImageCall calls, Action<ImageWish, int> set) =>
        new(calls, "integer", "a whole number", (wish, value) => value.Whole is { } number && Set(() => set(wish, number)));

    private static Field Number(ImageCall calls, Action<ImageWish, double> set) =>
        new(calls, "number", "a number", (wish, value) => value.Number is { } number && Set(() => set(wish, number)));

    private static Field Range(ImageCall calls, int most, Action<ImageWish, int> set) => new(
        calls,
        "integer",
        $"a whole number, 0 to {most}",
        (wish, value) => value.Whole is { } number && number >= 0 && number <= most && Set(() => set(wish, number)));

    private static Field File(ImageCall calls, Action<ImageWish, FieldValue> set) =>
        new(calls, FileType, "a PNG, JPEG or WebP file", (wish, value) => value.File is { Length: > 0 } && Set(() => set(wish, value)));

    private static Field OneOf(ImageCall calls, params (string Name, Action<ImageWish> Set)[] choices) => new(
        calls,
        "string",
        string.Join(" or ", choices.Select(c => c.Name)),
        (wish, value) => Array.Find(choices, c => c.Name == value.Text) is { Set: { } set } && Set(() => set(wish)));

    private static (string, Action<ImageWish>) Format(string name, ImageFormat format) => (name, wish => wish.Request.ImageOptions.Format = format);

    // What a client says who wants what the server does anyway.
    private static (string, Action<ImageWish>) Neutral(string name) => (name, _ => { });

    private static bool Set(Action set)
    {
        set();
        return true;
    }

    // Read tells whether the value is what is expected.
    private sealed record Field(ImageCall Calls, string Type, string Expected, Func<ImageWish, FieldValue, bool> Read);
}
