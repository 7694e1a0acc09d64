using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The names under which the store compares models: <c>NAME@REVISION</c>. An orchestrator claims jobs only of those that it has, so that one with an older
/// or newer folder neither fails a job nor makes it with other weights: it waits for one that has its revision, until its deadline.
/// </summary>
internal static class JobModels
{
    public static string Key(ModelFacts model) => $"{model.Name}@{model.Revision}";

    /// <summary>Name and revision of a key.</summary>
    public static (string Name, string Revision) Parse(string key)
    {
        var at = key.LastIndexOf('@');
        return (key[..at], key[(at + 1)..]);
    }
}
