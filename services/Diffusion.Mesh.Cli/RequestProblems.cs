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
        ["sampler.eta"] = "--eta",
        ["schedule.spacing"] = "--spacing",
        ["schedule.sigmas"] = "--sigmas",
        ["candidates"] = "--candidates",
        ["guidance_rescale"] = "--guidance-rescale",
        ["guidance_start"] = "--guidance-start",
        ["guidance_end"] = "--guidance-end",
        ["text_options.clip_skip"] = "--clip-skip",
        ["source.image"] = "--source",
        ["source.mask"] = "--mask",
        ["source.invert_mask"] = "--invert-mask",
        ["source.margins"] = "--extend",
        ["strength"] = "--strength",
        ["composite"] = "--composite",
        ["image_prompt"] = "--like",
        ["image_prompt.image"] = "--like",
        ["image_prompt.text_weight"] = "--text-weight",
    }.ToFrozenDictionary();

    /// <summary>The problem as a line; a field that no option sets keeps its name.</summary>
    public static string Line(FieldProblem problem) => $"{Options.GetValueOrDefault(problem.Field, problem.Field)}: {problem.Description}";
}
