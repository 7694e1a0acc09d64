using System.Collections.Frozen;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Errors as clients of AUTOMATIC1111's API read them.</summary>
internal static class WebUiErrors
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["model"] = "override_settings.sd_model_checkpoint",
        ["count"] = "batch_size",
        ["guidance_scale"] = "cfg_scale",
        ["schedule.steps"] = "steps",
        ["schedule.sigmas"] = "scheduler",
        ["schedule.spacing"] = "scheduler",
        ["sampler.name"] = "sampler_name",
        ["sampler.eta"] = "eta",
        ["text_options.clip_skip"] = "override_settings.CLIP_stop_at_last_layers",
        ["source"] = "init_images",
        ["source.image"] = "init_images",
        ["source.mask"] = "mask",
        ["strength"] = "denoising_strength",
    }.ToFrozenDictionary();

    /// <summary>What a client gets.</summary>
    public static ErrorForm Form { get; } = new("application/json", problem => new WebUiError(
        problem.Code,
        problem.Errors is { } fields ? fields.Select(f => new WebUiFieldError(["body", .. f.Field.Split('.')], f.Description, "value_error")) : problem.Detail,
        "",
        // The detail is cut short where many are wrong.
        problem.Errors is { } all ? string.Join(" ", all.Select(f => $"{f.Field}: {f.Description}")) : problem.Detail));

    /// <summary>Problems by the names of this API.</summary>
    public static IEnumerable<FieldProblem> Renamed(IEnumerable<FieldProblem> problems) =>
        problems.Select(p => Names.TryGetValue(p.Field, out var name) ? p with { Field = name } : p);
}

/// <summary>An error.</summary>
/// <param name="Error">gRPC's name for it, for example <c>INVALID_ARGUMENT</c>.</param>
/// <param name="Detail">A sentence; of wrong requests a list of <see cref="WebUiFieldError"/>, as FastAPI has it.</param>
/// <param name="Body">Always empty.</param>
/// <param name="Errors">All of it as one text.</param>
internal sealed record WebUiError(string Error, object Detail, string Body, string Errors);

/// <summary>A wrong field.</summary>
/// <param name="Loc">Where it is: <c>body</c>, then its name.</param>
/// <param name="Msg">What is wrong.</param>
/// <param name="Type">Always <c>value_error</c>.</param>
internal sealed record WebUiFieldError(IReadOnlyList<string> Loc, string Msg, string Type);
