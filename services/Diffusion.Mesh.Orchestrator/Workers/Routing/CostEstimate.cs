using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a call will add to a worker's queue, until the worker tells itself.</summary>
internal static class CostEstimate
{
    // Where nobody has measured anything all calls count alike.
    private const double Unmeasured = 0.1;

    /// <summary>Seconds, by the loads that the role's workers tell.</summary>
    public static double Seconds(WorkerCall call, IEnumerable<WorkerLoad> loads)
    {
        var known = loads.ToArray();
        if (call.Work is { } work
            && known.SelectMany(l => l.Shapes).FirstOrDefault(
                s => s.Model == call.Model && s.LatentHeight == work.Height && s.LatentWidth == work.Width && s.Rows > 0) is { } shape)
            return work.Evaluations * shape.PassSeconds * work.Rows / shape.Rows;
        var busy = Array.FindAll(known, l => l.Admitted > 0 && l.QueuedSeconds > 0);
        return busy.Length > 0 ? busy.Average(l => l.QueuedSeconds / l.Admitted) : Unmeasured;
    }
}
