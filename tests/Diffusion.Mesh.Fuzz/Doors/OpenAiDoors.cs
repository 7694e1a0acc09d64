using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Fuzz;

/// <summary>OpenAI's images API: JSON, and forms with files.</summary>
internal static class OpenAiDoors
{
    private const string Boundary = "----fuzz7d1";

    private static readonly string[] Fields =
    [
        "model", "prompt", "negative_prompt", "n", "size", "seed", "steps", "guidance_scale", "sampler", "strength", "image", "mask", "response_format", "output_format",
        "output_compression", "stream", "partial_images", "quality", "background", "moderation", "user", "image[]", "__proto__",
    ];

    public static IReadOnlyList<Door> All { get; } =
    [
        JsonDoors.Json("/v1/images/generations", 8, Generation, Fields),
        new("POST /v1/images/edits", 8, (dice, _, change) => Form(dice, "/v1/images/edits", change, isEdit: true)),
        new("POST /v1/images/variations", 5, (dice, _, change) => Form(dice, "/v1/images/variations", change, isEdit: false)),
    ];

    private static JsonObject Generation(Dice dice)
    {
        var json = new JsonObject { ["prompt"] = "a red circle", ["steps"] = 1, ["size"] = "64x64", ["n"] = 1 };
        if (dice.Chance(0.3))
            (json["stream"], json["partial_images"]) = (true, 1);
        else
            json["response_format"] = dice.Pick(["b64_json", "url"]);
        return json;
    }

    private static HttpShot Form(Dice dice, string path, bool change, bool isEdit)
    {
        List<Part> parts =
        [
            new("image", dice.Pick(Pictures.Good), "a.png"), new("size", "64x64"u8.ToArray()), new("steps", "1"u8.ToArray()), new("n", "1"u8.ToArray()),
            .. isEdit ? [new Part("prompt", "a red circle"u8.ToArray()), new Part("strength", "1"u8.ToArray()), new Part("mask", PngFile.Transparent, "m.png")] : Array.Empty<Part>(),
        ];
        if (change)
            Mutate(dice, parts);
        var body = Write(dice, parts, change);
        var type = change && dice.Chance(0.05) ? NastyTexts.Pick(dice).ReplaceLineEndings(" ") : $"multipart/form-data; boundary={Boundary}";
        var request = new HttpRequestText("POST", path, change && dice.Chance(0.2) ? ByteMutator.Mutate(dice, body) : body, type);
        if (change && dice.Chance(0.2))
            request.Mutate(dice);
        return request.Shot(dice, change);
    }

    private static void Mutate(Dice dice, List<Part> parts)
    {
        for (var i = dice.Below(3); i >= 0; i--)
        {
            var at = dice.Below(parts.Count);
            switch (parts.Count == 0 ? 0 : dice.Below(6))
            {
                case 0:
                    parts.Add(new Part(dice.Chance(0.7) ? dice.Pick(Fields) : Line(NastyTexts.Pick(dice)), Encoding.UTF8.GetBytes(NastyTexts.Pick(dice))));
                    break;
                case 1:
                    parts.RemoveAt(at);
                    break;
                case 2:
                    parts.Add(parts[at]);
                    break;
                case 3:
                    parts[at] = parts[at] with { File = dice.Chance(0.5) ? null : Line(NastyTexts.Pick(dice)) };
                    break;
                default:
                    parts[at] = parts[at] with { Content = parts[at].File is null ? Encoding.UTF8.GetBytes(Value(dice, parts[at].Name)) : Pictures.Hostile(dice) };
                    break;
            }
        }

        if (dice.Chance(0.02))
            parts.AddRange(Enumerable.Repeat(new Part("user", []), dice.Below(5000)));
    }

    // Work stays cheap (see Cheapness).
    private static string Value(Dice dice, string name)
    {
        var json = new JsonObject { [name] = dice.Whole() };
        Cheapness.Limit(json);
        return name is "steps" or "n" || dice.Chance(0.3) ? $"{json[name]}" : NastyTexts.Pick(dice);
    }

    private static byte[] Write(Dice dice, List<Part> parts, bool change)
    {
        var body = new MemoryStream();
        foreach (var (name, content, file) in parts)
        {
            body.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"")));
            if (file is not null)
                body.Write(Encoding.UTF8.GetBytes($"; filename=\"{file}\"\r\nContent-Type: {(change && dice.Chance(0.1) ? "text/plain" : "image/png")}"));
            if (change && dice.Chance(0.03))
                body.Write(Encoding.UTF8.GetBytes($"\r\nX-Long: {new string('x', dice.Below(40_000))}"));
            body.Write("\r\n\r\n"u8);
            body.Write(content);
            body.Write("\r\n"u8);
        }

        if (!change || dice.Chance(0.9))
            body.Write(Encoding.UTF8.GetBytes($"--{Boundary}--\r\n"));
        return body.ToArray();
    }

    private static string Line(string text) => text.ReplaceLineEndings(" ");

    private sealed record Part(string Name, byte[] Content, string? File = null);
}
