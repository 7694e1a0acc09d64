using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>AUTOMATIC1111's API (docs/automatic1111.md).</summary>
internal static class WebUiOperations
{
    private const string Root = "/sdapi/v1";

    public static ApiGroup Group { get; } = new(
        "AUTOMATIC1111",
        "For Open WebUI, SillyTavern and others. What is not listed here answers 501. A key may also be the password of basic authentication.",
        s => s.Of<WebUiError>(),
        "application/json",
        ["bearer", "key", "basic"],
        [
            new("POST", $"{Root}/txt2img", "Makes pictures of a prompt, and waits for them")
            {
                Description = "A client that leaves ends its job.",
                Request = s => s.Of("WebUiTextToImage", WebUiFields.TextToImage),
                Answer = s => Answer(s),
            },
            new("POST", $"{Root}/img2img", "Makes pictures of a picture and a prompt, and waits for them")
            {
                Description = "A client that leaves ends its job.",
                Request = s => s.Of("WebUiImageToImage", WebUiFields.ImageToImage),
                Answer = s => Answer(s),
            },
            new("GET", $"{Root}/progress", "How far the tenant's job is that began first at this API")
            {
                Query = [("skip_current_image", "boolean", "True: without the preview.")],
                Answer = s => s.Of<WebUiProgress>(),
            },
            new("POST", $"{Root}/interrupt", "Ends the tenant's jobs that began at this API") { Answer = _ => Empty() },
            new("POST", $"{Root}/skip", "Ends the one that progress tells of") { Answer = _ => Empty() },
            new("GET", $"{Root}/options", "Options in use; the model is the tenant's choice") { Answer = s => s.Of<WebUiOptions>() },
            new("POST", $"{Root}/options", "Chooses the model of the tenant's requests that name none")
            {
                Description = "`sd_model_checkpoint` can be set. Others may be sent as they are.",
                Request = s => s.Part<WebUiOptions>("WebUiOptionsChange"),
                Answer = _ => new JsonObject { ["type"] = "null" },
            },
            new("GET", $"{Root}/sd-models", "The models that the caller may use") { Answer = s => s.Of<WebUiModel[]>() },
            new("GET", $"{Root}/samplers", "Samplers that fit at least one of them") { Answer = s => s.Of<WebUiSamplerItem[]>() },
            new("GET", $"{Root}/schedulers", "Schedules") { Answer = s => s.Of<WebUiScheduler[]>() },
            new("GET", $"{Root}/upscalers", "None") { Answer = s => s.Of<WebUiUpscaler[]>() },
            new("GET", $"{Root}/scripts", "There are none") { Answer = s => s.Of<WebUiScripts>() },
            .. new[] { "sd-vae", "latent-upscale-modes", "hypernetworks", "face-restorers", "prompt-styles" }.Select(name =>
                new ApiOperation("GET", $"{Root}/{name}", "An empty list: there are none") { Answer = _ => new JsonObject { ["type"] = "array", ["maxItems"] = 0 } }),
        ]);

    // The text in `info` has a schema too, for who reads it.
    private static JsonNode Answer(ApiSchemas schemas)
    {
        schemas.Of<WebUiInfo>();
        return schemas.Of<WebUiAnswer>();
    }

    private static JsonObject Empty() => new() { ["type"] = "object", ["additionalProperties"] = false };
}
