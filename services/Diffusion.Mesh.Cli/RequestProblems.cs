using System.Collections.Frozen;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary>Tells what a server found wrong with a request in the words of the command line.</summary>
internal static class RequestProblems
{
    private static readonly FrozenDictionary<string, string> Options = new Dictionary<string, string>
    {
        ["model"] = "--model",
        ["prompt"] = "PROMPT",
        ["negative_prompt"] = "--negative",
        ["width"] = "--size, width",
        ["height"] = "--size, height",
        ["count"] = "--count",
        ["guidance_scale"] = "--guidance",
        ["schedule.steps"] = "--steps",
        ["sampler.name"] = "--sampler",
    }.ToFrozenDictionary();

    /// <summary>The problem as a line; a field that no option sets keeps its name.</summary>
    public static string Line(FieldProblem problem) => $"{Options.GetValueOrDefault(problem.Field, problem.Field)}: {problem.Description}";
}
