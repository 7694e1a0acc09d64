using System.Collections.Frozen;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A sampler under the name that AUTOMATIC1111 gives it; those that it lacks are named in its manner.</summary>
/// <param name="Label">As clients show and send it.</param>
/// <param name="Name">Its short name here.</param>
/// <param name="Eta">What becomes of a request's share of fresh noise.</param>
internal sealed record WebUiSampler(string Label, string Name, WebUiEta Eta = WebUiEta.Unused, params string[] Aliases);

/// <summary>What a sampler makes of <c>eta</c>.</summary>
internal enum WebUiEta
{
    /// <summary>It draws no noise by it, there as here: any value asks for nothing.</summary>
    Unused,

    /// <summary>It is a setting.</summary>
    Taken,

    /// <summary>It is 1.</summary>
    One,
}

/// <summary>Samplers and schedules by AUTOMATIC1111's names.</summary>
internal static class WebUiSamplers
{
    public static IReadOnlyList<WebUiSampler> All { get; } =
    [
        new("Euler a", "euler_a", WebUiEta.One, "k_euler_a", "k_euler_ancestral"),
        new("Euler", "euler", WebUiEta.Unused, "k_euler"),
        new("LMS", "lms", WebUiEta.Unused, "k_lms"),
        new("Heun", "heun", WebUiEta.Unused, "k_heun"),
        new("DPM2", "dpm2", WebUiEta.Unused, "k_dpm_2"),
        new("DPM2 a", "dpm2_a", WebUiEta.One, "k_dpm_2_a"),
        new("DPM++ 2M", "dpmpp_2m", WebUiEta.Unused, "k_dpmpp_2m"),
        new("DPM++ 2M SDE", "dpmpp_2m_sde", WebUiEta.One, "k_dpmpp_2m_sde"),
        new("DPM++ 2S", "dpmpp_2s"),
        new("DPM++ 3M", "dpmpp_3m"),
        new("DDIM", "ddim", WebUiEta.Taken),
        new("DDPM", "ddpm"),
        new("PNDM", "pndm"),
        new("UniPC", "unipc"),
        new("DEIS", "deis"),
        new("LCM", "lcm"),
        new("TCD", "tcd", WebUiEta.Taken),
        new("Flow Euler", "flow_euler"),
    ];

    /// <summary>Schedules: their names, how they are shown, and what they are here.</summary>
    public static IReadOnlyList<(string Name, string Label, Schedule Schedule)> Schedules { get; } =
    [
        ("automatic", "Automatic", new Schedule()),
        ("uniform", "Uniform", new Schedule { Spacing = TimestepSpacing.Linspace, Sigmas = SigmaSchedule.Default }),
        ("karras", "Karras", new Schedule { Sigmas = SigmaSchedule.Karras }),
        ("exponential", "Exponential", new Schedule { Sigmas = SigmaSchedule.Exponential }),
        ("beta", "Beta", new Schedule { Sigmas = SigmaSchedule.Beta }),
    ];

    private static readonly FrozenDictionary<string, WebUiSampler> ByName = All
        .SelectMany(sampler => ((string[])[sampler.Label, sampler.Name, .. sampler.Aliases]).Distinct(StringComparer.OrdinalIgnoreCase).Select(name => (name, sampler)))
        .ToFrozenDictionary(entry => entry.name, entry => entry.sampler, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name that clients know a sampler by.</summary>
    public static string Label(string name) => ByName.TryGetValue(name, out var sampler) ? sampler.Label : name;

    /// <summary>A sampler by any of its names, and the schedule that some of them end with; empty for none.</summary>
    public static (WebUiSampler? Sampler, string Schedule) Find(string name)
    {
        if (ByName.TryGetValue(name, out var sampler))
            return (sampler, "");
        var label = Schedules.Select(s => s.Label).FirstOrDefault(label => name.EndsWith($" {label}", StringComparison.OrdinalIgnoreCase)) ?? "";
        return label.Length > 0 && ByName.TryGetValue(name[..^(label.Length + 1)], out sampler) ? (sampler, label) : (null, "");
    }

    /// <summary>A schedule by its name; null: there is none. Its steps are left open.</summary>
    public static Schedule? FindSchedule(string name) =>
        Schedules.FirstOrDefault(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || s.Label.Equals(name, StringComparison.OrdinalIgnoreCase)).Schedule?.Clone();
}
