using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>What all models of a kind have in common and no tensor tells.</summary>
/// <param name="Name">As it is typed and shown.</param>
/// <param name="LatentFactor">The autoencoder's scaling factor.</param>
/// <param name="Side">Side of the pictures that it was trained for, in pixels.</param>
/// <param name="Heads">Attention heads at every level; 0: as many as there are 64 channels.</param>
/// <param name="Towers">Its text encoders, as parts.</param>
/// <param name="Sampler">The class of its own scheduler.</param>
internal sealed record Family(string Name, double LatentFactor, int Side, int Heads, IReadOnlyList<string> Towers, string Sampler)
{
    /// <summary>Side of the pictures that Stable Diffusion 2 was trained for where it predicts v.</summary>
    public const int SideOfV = 768;

    private const string First = "text_encoder";
    private const string Second = "text_encoder_2";

    public static Family Sd15 { get; } = new("sd15", 0.18215, 512, 8, [First], "PNDMScheduler");

    public static Family Sd21 { get; } = new("sd21", 0.18215, 512, 0, [First], "DDIMScheduler");

    public static Family SdxlBase { get; } = new("sdxl-base", 0.13025, 1024, 0, [First, Second], "EulerDiscreteScheduler");

    public static Family SdxlRefiner { get; } = new("sdxl-refiner", 0.13025, 1024, 0, [Second], "EulerDiscreteScheduler");

    public static IReadOnlyList<Family> All { get; } = [Sd15, Sd21, SdxlBase, SdxlRefiner];

    public bool IsXl => Towers.Contains(Second);

    /// <summary>An empty negative prompt means zeros, not the empty text's embedding.</summary>
    public bool ZeroEmptyNegative => this == SdxlBase;

    /// <summary>The family of this name, or of its short form.</summary>
    /// <exception cref="ImportException">There is none.</exception>
    public static Family Named(string name) => name switch
    {
        "sd1" or "sd14" => Sd15,
        "sd2" or "sd20" => Sd21,
        "sdxl" => SdxlBase,
        _ => All.FirstOrDefault(f => f.Name == name)
            ?? throw new ImportException($"There is no family '{name}'; there are {string.Join(", ", All.Select(f => f.Name))}."),
    };

    /// <summary>The scheduler's configuration where no file has one.</summary>
    /// <param name="sampler">Its class; null: the family's own.</param>
    public JsonObject Scheduler(string? sampler = null) => new()
    {
        ["_class_name"] = sampler ?? Sampler,
        ["beta_start"] = 0.00085,
        ["beta_end"] = 0.012,
        ["beta_schedule"] = "scaled_linear",
        ["num_train_timesteps"] = NoiseLevels.TrainTimesteps,
        ["steps_offset"] = 1,
        ["timestep_spacing"] = "leading",
        ["clip_sample"] = false,
        ["set_alpha_to_one"] = false,
        ["skip_prk_steps"] = true,
    };
}
