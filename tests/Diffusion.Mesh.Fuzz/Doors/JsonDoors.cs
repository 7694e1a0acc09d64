using System.Text;
using System.Text.Json.Nodes;
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
        Json($"/api/operator/jobs/fuzz/{NastyTexts.KnownJob}/cancel", 1, _ => [], [], findsNothing: true),
    ];

    private static Door Json(string path, int weight, Func<Dice, JsonObject> good, IReadOnlyList<string> fields, bool mayRefuse = false, bool findsNothing = false) =>
        new($"POST {path}", weight, (dice, server, change) =>
        {
            var json = good(dice);
            var body = change ? JsonMutator.Mutate(dice, json, fields.Count > 0 ? fields : ["a"]) : Encoding.UTF8.GetBytes(JsonMutator.Text(json));
            var request = new HttpRequestText("POST", path, body);
            if (change && dice.Chance(0.25))
                request.Mutate(dice);
            return request.Shot(dice, change, mayRefuse);
        }, findsNothing);
}
