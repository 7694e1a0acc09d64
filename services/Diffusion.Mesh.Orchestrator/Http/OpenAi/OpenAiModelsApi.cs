using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The models that the caller may use, as OpenAI lists them.</summary>
internal sealed class OpenAiModelsApi(Generations generations)
{
    public Task ListAsync(ApiCall call) =>
        ApiJson.WriteAsync(call, new OpenAiModels("list", [.. generations.Models(call.Caller).Select(m => OpenAiModel.Of(m.Name))]));

    public Task GetAsync(ApiCall call)
    {
        // A slash stays escaped in a path.
        var id = Uri.UnescapeDataString(call.Route("id"));
        return generations.Models(call.Caller).Any(m => m.Name == id)
            ? ApiJson.WriteAsync(call, OpenAiModel.Of(id))
            : throw RichErrors.BadRequest([new("model", $"{RequestParser.NoSuchModel}, or not for this key.")]);
    }
}
