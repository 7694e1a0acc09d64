namespace Diffusion.Mesh.Orchestrator;

/// <summary>Where a call goes: a worker, nowhere yet, or nowhere at all.</summary>
/// <param name="Worker">Null: the call waits, or fails.</param>
/// <param name="IsUnknownModel">Every worker serves, and none has the model.</param>
internal readonly record struct Choice(Candidate? Worker, bool IsUnknownModel = false);

/// <summary>
/// Chooses a worker by what all of them tell. Of those that have the model and room the one with the least queued work; for a denoising run one whose
/// forward passes have room for its rows is preferred, if its work ends no more than one of its passes later. Equals take turns. Then those that
/// failed a moment ago or tell nothing, and those that are lost only where no other can come to have room.
/// </summary>
internal static class Router
{
    public static Choice Choose(WorkerCall call, IReadOnlyList<Candidate> workers)
    {
        var live = workers.Where(w => w.Standing == Standing.Live).ToArray();
        var unknown = workers.Where(w => w.Standing == Standing.Unknown).ToArray();
        var open = Array.FindAll(live, w => w.IsServing && w.Has(call.Model, call.Revision) && !w.IsFull);
        var chosen = Best(call, Array.FindAll(open, w => !w.IsCooling))
            ?? Least(unknown.Where(w => !w.IsCooling))
            ?? Best(call, open)
            ?? Least(unknown);
        if (chosen is not null)
            return new Choice(chosen);
        var lacking = Array.FindAll(live, w => w.IsServing && !w.Has(call.Model, call.Revision));
        if (lacking.Length < live.Length)
            return default;
        var lost = Least(workers.Where(w => w.Standing == Standing.Lost && !w.IsCooling)) ?? Least(workers.Where(w => w.Standing == Standing.Lost));
        return new Choice(lost, IsUnknownModel: lost is null && lacking.Length > 0);
    }

    private static Candidate? Best(WorkerCall call, Candidate[] workers)
    {
        if (call.Work is { } work && workers.Length > 1)
        {
            var least = workers.Min(w => w.QueuedSeconds);
            var fitting = workers.Where(w => w.OpenBatch(call.Model, work) is { } batch && w.QueuedSeconds <= least + batch.PassSeconds);
            if (Least(fitting) is { } fit)
                return fit;
        }

        return Least(workers);
    }

    private static Candidate? Least(IEnumerable<Candidate> workers) =>
        workers.OrderBy(w => w.QueuedSeconds).ThenBy(w => w.LastChosen).FirstOrDefault();
}
