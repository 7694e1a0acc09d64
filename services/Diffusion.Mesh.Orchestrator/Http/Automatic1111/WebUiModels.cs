using Diffusion.Mesh.Identity;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Which model a tenant's requests mean that name none. There a server has one for all; here each tenant chooses for itself, on all servers alike.</summary>
internal sealed class WebUiModels(Generations generations, ITenantChoices choices)
{
    private const string About = "model";

    private static readonly string[] Endings = [".safetensors", ".ckpt"];

    /// <summary>The models that the caller may use, by name.</summary>
    public IReadOnlyList<ModelFacts> Of(Caller caller) => [.. generations.Models(caller)];

    /// <summary>The name of the model that the caller's tenant chose, as long as the caller may use it; else of the first. Empty where there is none.</summary>
    public async Task<string> ChosenAsync(Caller caller, CancellationToken cancellation)
    {
        var models = Of(caller);
        var chosen = models.Count > 1 ? await choices.GetAsync(caller.Tenant, About, cancellation) : null;
        return (models.FirstOrDefault(m => m.Name == chosen) ?? models.FirstOrDefault())?.Name ?? "";
    }

    /// <summary>Chooses a model for the caller's tenant.</summary>
    /// <returns>False: the caller may use none of this name.</returns>
    public async Task<bool> ChooseAsync(Caller caller, string name, CancellationToken cancellation)
    {
        if (Of(caller).All(m => m.Name != name))
            return false;
        await choices.PutAsync(caller.Tenant, About, name, cancellation);
        return true;
    }

    /// <summary>A model's name as clients send it: it may have a file's ending, and a hash behind it.</summary>
    public static string NameOf(string title)
    {
        var name = title.IndexOf(" [", StringComparison.Ordinal) is > 0 and var hash ? title[..hash] : title;
        return Endings.FirstOrDefault(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) is { } ending ? name[..^ending.Length] : name;
    }
}
