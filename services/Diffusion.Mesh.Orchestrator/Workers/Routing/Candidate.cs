using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A worker as the router sees it.</summary>
/// <param name="Load">Its last report; null where it is not live.</param>
/// <param name="IsCooling">It failed a moment ago.</param>
/// <param name="IsPassedOver">It refused a call since its last report.</param>
/// <param name="Admitted">Calls that it has: those it told of, and those sent since.</param>
/// <param name="QueuedSeconds">Seconds of its work: what it told of, and what was sent since.</param>
/// <param name="Sent">Denoising runs that were sent since.</param>
/// <param name="LastChosen">Grows with each choice; 0: never.</param>
internal sealed record Candidate(
    Worker Worker,
    Standing Standing,
    WorkerLoad? Load,
    bool IsCooling,
    bool IsPassedOver,
    int Admitted,
    double QueuedSeconds,
    IReadOnlyList<(string Model, LatentWork Work)> Sent,
    long LastChosen)
{
    /// <summary>True once its models are loaded and until it drains.</summary>
    public bool IsServing => Load is { Serving: true, Draining: false };

    public bool IsFull => IsPassedOver || (Load is { } load && Admitted >= load.Capacity);

    public bool Has(string model, string revision) => Load is not { } load || load.Models.Any(m => m.Name == model && m.Revision == revision);

    /// <summary>What it has in work of the same shape, if another request's rows still fit into its passes.</summary>
    public ShapeLoad? OpenBatch(string model, LatentWork work)
    {
        var sent = Sent.Where(s => s.Model == model && s.Work.Height == work.Height && s.Work.Width == work.Width).Sum(s => s.Work.Rows);
        return Load?.Shapes.FirstOrDefault(
            s => s.Model == model && s.LatentHeight == work.Height && s.LatentWidth == work.Width && s.FreeRows >= work.Rows + sent);
    }
}
