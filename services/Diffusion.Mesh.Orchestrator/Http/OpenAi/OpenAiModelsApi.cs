using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The models that the caller may use, as OpenAI lists them.</summary>
internal sealed class OpenAiModelsApi(Generations generations)
{
    public Task ListAsync(ApiCall call) =>
        ApiJson.WriteAsync(call, new { Object = "list", Data = generations.Models(call.Caller).Select(m => Of(m.Name)) });

    public Task GetAsync(ApiCall call)
    {
        // A slash stays escaped in a path.
        var id = Uri.UnescapeDataString(call.Route("id"));
        return generations.Models(call.Caller).Any(m => m.Name == id)
            ? ApiJson.WriteAsync(call, Of(id))
            : throw RichErrors.BadRequest([new("model", $"{RequestParser.NoSuchModel}, or not for this key.")]);
    }

    // Nobody knows when a model was made; OpenAI's clients want a number.
    private static object Of(string name) => new { Id = name, Object = "model", Created = 0, OwnedBy = "diffusion-mesh" };
}
