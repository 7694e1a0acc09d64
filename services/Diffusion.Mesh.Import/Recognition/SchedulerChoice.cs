using System.Text.Json.Nodes;
using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>Decides the scheduler's configuration: the model's own, else the family's, with what the file's tensors say.</summary>
internal static class SchedulerChoice
{
    private const string Table = "alphas_cumprod";

    /// <param name="configured">The scheduler's configuration, or none.</param>
    /// <param name="evidence">What the file's own noise schedule says; null where it is the usual.</param>
    public static JsonObject Decide(
        Checkpoint checkpoint, Family family, UnetStructure unet, Config configured, string prediction, out string? evidence)
    {
        evidence = null;
        var scheduler = configured.Json?.DeepClone().AsObject() ?? family.Scheduler(unet.GuidanceWidth > 0 ? "LCMScheduler" : null);
        scheduler["prediction_type"] = prediction;
        // A configuration knows better than a table that was rounded with the weights.
        if (configured.Json is not null)
            return scheduler;
        if (checkpoint.Rest.ContainsKey("ztsnr"))
            evidence = NoiseLevels.RescaleToZero(scheduler, "the tensor 'ztsnr'");
        else if (checkpoint.Rest.TryGetValue(Table, out var table) && table.Type.IsFloat() && table.Shape.Rank == 1)
            evidence = NoiseLevels.Apply(table.ReadAll(), scheduler);
        return scheduler;
    }

}
