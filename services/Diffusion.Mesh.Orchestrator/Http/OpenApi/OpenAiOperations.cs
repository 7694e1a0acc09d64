using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>OpenAI's images API (docs/openai.md).</summary>
internal static class OpenAiOperations
{
    private const string Form = "multipart/form-data";

    private static readonly string[] Answers = ["application/json", "text/event-stream"];

    private const string Streams = "With `stream` the answer is text/event-stream: events `NAME.partial_image` and `NAME.completed`, with an OpenAiImageEvent each, and at a failure `error`, "
        + "with an OpenAiErrorAnswer. NAME is ";

    public static ApiGroup Group { get; } = new(
        "OpenAI",
        "For clients of OpenAI's images API. Fields that are unknown, there twice or without meaning here are refused.",
        s => s.Of<OpenAiErrorAnswer>(),
        "application/json",
        ["bearer", "key"],
        [
            new("POST", "/v1/images/generations", "Makes pictures of a prompt, and waits for them")
            {
                Description = $"{Streams}image_generation.",
                Request = s => Request(s, "OpenAiGeneration", ImageCall.Generation, "prompt"),
                Answer = Pictures,
                AnswerTypes = Answers,
            },
            new("POST", "/v1/images/edits", "Changes a picture, or what is transparent in its mask, and waits for it")
            {
                Description = $"{Streams}image_edit.",
                RequestType = Form,
                Request = s => Request(s, "OpenAiEdit", ImageCall.Edit, "image", "prompt"),
                Answer = Pictures,
                AnswerTypes = Answers,
            },
            new("POST", "/v1/images/variations", "Paints a picture's content anew, and waits for it")
            {
                RequestType = Form,
                Request = s => Request(s, "OpenAiVariation", ImageCall.Variation, "image"),
                Answer = Pictures,
            },
            new("GET", "/v1/models", "The models that the caller may use") { Answer = s => s.Of<OpenAiModels>() },
            new("GET", "/v1/models/{id}", "One of them") { Answer = s => s.Of<OpenAiModel>() },
            new("GET", PictureUrls.Pattern, "A picture file, for whoever has its signed address")
            {
                Query = [("expires", "integer", "Until when the address is good, in seconds of Unix time."), ("signature", "string", "Made by the server.")],
                AnswerTypes = ["image/png", "image/jpeg", "image/webp"],
            },
        ]);

    private static JsonNode Pictures(ApiSchemas schemas)
    {
        schemas.Of<OpenAiImageEvent>();
        return schemas.Of<OpenAiImages>();
    }

    private static JsonNode Request(ApiSchemas schemas, string name, ImageCall call, params string[] needed) => schemas.Component(name, () => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(ImageFields.Of(call).Select(f => KeyValuePair.Create(f.Name, (JsonNode?)Field(f.Type, f.Expected)))),
        ["required"] = new JsonArray([.. needed.Select(n => (JsonNode)n)]),
        ["additionalProperties"] = false,
    });

    private static JsonObject Field(string type, string expected)
    {
        var schema = new JsonObject { ["description"] = $"{char.ToUpperInvariant(expected[0])}{expected[1..]}." };
        if (type == ImageFields.FileType)
            (schema["type"], schema["format"]) = ("string", "binary");
        else
            schema["type"] = new JsonArray(type, "null");
        return schema;
    }
}
