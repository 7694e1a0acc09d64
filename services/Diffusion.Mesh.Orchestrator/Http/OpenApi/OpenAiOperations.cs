using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>OpenAI's images API (docs/openai.md).</summary>
internal static class OpenAiOperations
{
    private static readonly string[] Answers = ["application/json", "text/event-stream"];

    public static ApiGroup Group { get; } = new(
        "OpenAI",
        "For clients of OpenAI's images API. A client that leaves ends its job.",
        Error,
        "application/json",
        ["bearer", "key"],
        [
            new("POST", "/v1/images/generations", "Makes pictures of a prompt, and waits for them")
            {
                Description = "With `stream` as events: `image_generation.partial_image` and `image_generation.completed`.",
                Request = s => Request(s, "ImageGeneration", ImageCall.Generation),
                Answer = Images,
                AnswerTypes = Answers,
            },
            new("POST", "/v1/images/edits", "Paints a picture anew, or the part of it that a mask tells")
            {
                Description = "With `stream` as events: `image_edit.partial_image` and `image_edit.completed`.",
                Request = s => Request(s, "ImageEdit", ImageCall.Edit),
                RequestType = "multipart/form-data",
                Answer = Images,
                AnswerTypes = Answers,
            },
            new("POST", "/v1/images/variations", "Paints a picture's content anew")
            {
                Request = s => Request(s, "ImageVariation", ImageCall.Variation),
                RequestType = "multipart/form-data",
                Answer = Images,
            },
            new("GET", "/v1/models", "The models that the caller may use") { Answer = s => Schema(("object", Type("string")), ("data", List(Model(s)))) },
            new("GET", "/v1/models/{id}", "A model") { Answer = Model },
            new("GET", PictureUrls.Pattern, "A picture file, for whoever has its signed address")
            {
                Query = [("expires", "integer", "Until when the address is good, in seconds of Unix time."), ("signature", "string", "Made by the server.")],
                AnswerTypes = ["image/png", "image/jpeg", "image/webp"],
            },
        ]);

    private static JsonNode Request(ApiSchemas schemas, string name, ImageCall call) => schemas.Component(name, () => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(ImageFields.Of(call).Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Field(f.Type, f.Choices)))),
        ["additionalProperties"] = false,
    });

    private static JsonObject Field(string type, IReadOnlyList<string> choices) => choices.Count == 0
        ? new JsonObject { ["type"] = new JsonArray(type, "null") }
        : new JsonObject { ["enum"] = new JsonArray([.. choices.Select(c => (JsonNode)c), null]) };

    private static JsonNode Images(ApiSchemas schemas) => schemas.Component("ImagesAnswer", () => Schema(
        ["warnings"],
        ("created", Type("integer")),
        ("data", List(schemas.Component("ImagesAnswerPicture", () => Schema(["b64_json", "url"], ("b64_json", Type("string")), ("url", Type("string")))))),
        ("background", Type("string")),
        ("output_format", Type("string")),
        ("size", Type("string")),
        ("usage", schemas.Component("ImagesAnswerUsage", () => Schema(
            ("input_tokens", Type("integer")),
            ("input_tokens_details", Schema(("text_tokens", Type("integer")), ("image_tokens", Type("integer")))),
            ("output_tokens", Type("integer")),
            ("total_tokens", Type("integer"))))),
        ("seed", Type("integer")),
        ("warnings", List(Type("string")))));

    private static JsonNode Model(ApiSchemas schemas) => schemas.Component("OpenAiModel", () => Schema(
        ("id", Type("string")), ("object", Type("string")), ("created", Type("integer")), ("owned_by", Type("string"))));

    private static JsonNode Error(ApiSchemas schemas) => schemas.Component("OpenAiErrorAnswer", () => Schema(("error", schemas.Of<OpenAiError>())));

    private static JsonObject Schema(params (string Name, JsonNode Schema)[] fields) => Schema([], fields);

    private static JsonObject Schema(string[] optional, params (string Name, JsonNode Schema)[] fields) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Schema))),
        ["required"] = new JsonArray([.. fields.Select(f => f.Name).Except(optional).Select(n => (JsonNode)n)]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject List(JsonNode items) => new() { ["type"] = "array", ["items"] = items };
}
