using System.Text;
using System.Text.Json.Nodes;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Paths that take JSON.</summary>
internal static class JsonDoors
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private static readonly string[] JobFields = [.. GenerateRequest.Descriptor.Fields.InDeclarationOrder().Select(f => f.Name), "timeout_seconds"];

    public static IReadOnlyList<Door> All { get; } =
    [
        Json("/api/jobs", 14, dice => (JsonObject)JsonNode.Parse(Formatter.Format(Messages.Generate(dice)))!, JobFields),
        Json($"/api/jobs/{NastyTexts.KnownJob}/cancel", 1, _ => [], [], findsNothing: true),
        Json(
            "/sdapi/v1/txt2img",
            8,
            _ => new JsonObject { ["prompt"] = "a red circle", ["steps"] = 1, ["width"] = 64, ["height"] = 64, ["override_settings"] = new JsonObject { ["samples_format"] = "png" } },
            [.. WebUiFields.TextToImage.Concat(WebUiFields.Overrides).Select(field => field.Name)]),
        Json(
            "/sdapi/v1/img2img",
            8,
            dice => new JsonObject
            {
                ["prompt"] = "a red circle", ["steps"] = 1, ["denoising_strength"] = 1, ["width"] = 64, ["height"] = 64,
                ["init_images"] = new JsonArray(Convert.ToBase64String(dice.Pick(Pictures.Good))), ["mask"] = Convert.ToBase64String(Pictures.Mask),
            },
            [.. WebUiFields.ImageToImage.Concat(WebUiFields.Overrides).Select(field => field.Name)]),
        Json("/sdapi/v1/options", 2, _ => new JsonObject { ["sd_model_checkpoint"] = "shapes" }, [.. WebUiFields.Overrides.Select(field => field.Name)]),
        Json("/sdapi/v1/interrupt", 1, _ => [], []),
        Json("/sdapi/v1/skip", 1, _ => [], []),
        Json($"/api/operator/jobs/fuzz/{NastyTexts.KnownJob}/cancel", 1, _ => [], [], findsNothing: true),
    ];

    /// <summary>A path that takes this.</summary>
    /// <param name="good">What a good client sends.</param>
    /// <param name="fields">Names worth trying.</param>
    public static Door Json(string path, int weight, Func<Dice, JsonObject> good, IReadOnlyList<string> fields, bool findsNothing = false) =>
        new($"POST {path}", weight, (dice, server, change) =>
        {
            var json = good(dice);
            var body = change ? JsonMutator.Mutate(dice, json, fields.Count > 0 ? fields : ["a"]) : Encoding.UTF8.GetBytes(JsonMutator.Text(json));
            var request = new HttpRequestText("POST", path, body);
            if (change && dice.Chance(0.25))
                request.Mutate(dice);
            return request.Shot(dice, change);
        }, findsNothing);
}
