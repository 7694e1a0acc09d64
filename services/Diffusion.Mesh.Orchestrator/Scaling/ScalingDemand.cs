using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The work of the whole cluster that waits or runs, in seconds of one worker of each role: what that role's replicas are scaled by. Divided by the replicas it is
/// how long they need for it.
/// </summary>
/// <param name="TextEncoder">A pass for each job.</param>
/// <param name="Unet">What is left of the jobs' denoising.</param>
/// <param name="Vae">A pass for each job.</param>
internal sealed record ScalingDemand(double TextEncoder, double Unet, double Vae)
{
    /// <summary>The demand of what a store counts.</summary>
    public static ScalingDemand Of(StoreCounts counts, StagePace pace)
    {
        // A job that runs has its decoding before it, and its encoding is too short to tell apart.
        var jobs = counts.Models.Sum(use => use.Jobs);
        return new ScalingDemand(
            jobs * pace.PassSeconds(WorkerRole.TextEncoder),
            counts.Models.Sum(use => use.CostLeft * pace.DenoiseSeconds(use.Model)),
            jobs * pace.PassSeconds(WorkerRole.Vae));
    }

    /// <summary>Seconds of one worker.</summary>
    public double Of(WorkerRole role) => role switch
    {
        WorkerRole.TextEncoder => TextEncoder,
        WorkerRole.Unet => Unet,
        _ => Vae,
    };
}
