using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Autoscaling;

/// <summary>What orchestrators write of the pictures into the real store, and when.</summary>
/// <param name="running">Jobs that all of them run at once; others wait in the queue.</param>
internal sealed class JobBook(MemoryJobStore store, Accelerator accelerator, VirtualTime time, int running)
{
    // As JobModels has it.
    public const string Model = "sdxl@1";

    private const string Owner = "orchestrators";

    // As orchestrators renew with the default lease: what a job has done is known at most so long ago.
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, Picture> _waiting = [];
    private readonly Dictionary<string, Picture> _held = [];

    public async Task SubmitAsync(Picture picture)
    {
        _waiting.Add(picture.Id, picture);
        var result = await store.SubmitAsync(
            new JobSubmission
            {
                Id = picture.Id,
                Tenant = "clients",
                Spec = ReadOnlyMemory<byte>.Empty,
                Cost = accelerator.Cost,
                Evaluations = accelerator.Evaluations,
                Deadline = time.GetUtcNow() + TimeSpan.FromDays(1),
                Model = Model,
                QueueBound = int.MaxValue,
                FirstEvent = new JobEvent("queued", JobSequence.First, ReadOnlyMemory<byte>.Empty),
                Retention = TimeSpan.FromMilliseconds(1),
            },
            CancellationToken.None);
        if (result.Outcome != SubmitOutcome.Accepted)
            throw new InvalidOperationException($"A picture was not taken: {result.Outcome}.");
    }

    /// <summary>The pictures that there is a place for now.</summary>
    public async Task<IReadOnlyList<Picture>> ClaimAsync()
    {
        if (_held.Count == running)
            return [];
        var claimed = await store.ClaimAsync(new ClaimRequest(Owner, running - _held.Count, JobStoreLimits.LongestLease), CancellationToken.None);
        foreach (var job in claimed)
        {
            _waiting.Remove(job.Id, out var picture);
            picture!.Epoch = job.Epoch;
            _held.Add(job.Id, picture);
        }

        return [.. claimed.Select(job => _held[job.Id])];
    }

    public Task RenewAsync() => store.RenewAsync(
        Owner, [.. _held.Values.Select(p => new LeaseRenewal(p.Id, p.Epoch, p.Done))], JobStoreLimits.LongestLease, CancellationToken.None);

    public async Task CompleteAsync(Picture picture)
    {
        _held.Remove(picture.Id);
        var end = new JobEnd { State = JobState.Done, Retention = TimeSpan.FromMilliseconds(1) };
        if (!await store.CompleteAsync(picture.Id, picture.Epoch, end, CancellationToken.None))
            throw new InvalidOperationException("A picture ended that was nobody's.");
    }
}
