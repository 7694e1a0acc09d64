namespace Diffusion.Mesh.State;

/// <summary>All jobs of <see cref="MemoryJobStore"/> by their names, and how long ended ones stay.</summary>
/// <param name="budget">Bytes that results of ended jobs may take together; beyond it those that ended first leave before their time.</param>
internal sealed class MemoryJobs(long budget)
{
    private readonly Dictionary<string, MemoryJob> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Tenant, string RequestId), MemoryJob> _byRequest = [];
    private readonly LinkedList<MemoryJob> _ended = new();
    private long _bytes;

    public IEnumerable<MemoryJob> All => _byId.Values;

    public MemoryJob? Find(string id) => _byId.GetValueOrDefault(id);

    public MemoryJob? Find(string tenant, string id) => Find(id) is { } job && job.Submission.Tenant == tenant ? job : null;

    public MemoryJob? FindRequest(string tenant, string requestId) =>
        requestId.Length > 0 ? _byRequest.GetValueOrDefault((tenant, requestId)) : null;

    public void Add(MemoryJob job)
    {
        _byId.Add(job.Id, job);
        if (job.Submission.RequestId.Length > 0)
            _byRequest[(job.Submission.Tenant, job.Submission.RequestId)] = job;
    }

    public void Ended(MemoryJob job)
    {
        _ended.AddLast(job);
        _bytes += Bytes(job);
    }

    /// <summary>Forgets what has expired, and what the budget has no room for.</summary>
    public void Prune(DateTimeOffset now)
    {
        for (var node = _ended.First; node is not null;)
        {
            var (job, next) = (node.Value, node.Next);
            if (job.Expires <= now || _bytes > budget)
            {
                _ended.Remove(node);
                _bytes -= Bytes(job);
                _byId.Remove(job.Id);
                _byRequest.Remove((job.Submission.Tenant, job.Submission.RequestId));
            }

            node = next;
        }
    }

    private static long Bytes(MemoryJob job) =>
        1024 + job.Submission.Spec.Length + job.End!.Results.Sum(result => (long)result.Length) + job.End.Events.Sum(e => (long)e.Payload.Length);
}
