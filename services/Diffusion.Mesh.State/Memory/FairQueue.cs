namespace Diffusion.Mesh.State;

/// <summary>
/// Start-time fair queueing between tenants (Goyal, Vin and Cheng 1996), with costs for packet lengths. <see cref="IJobStore.ClaimAsync"/> says what that means.
/// </summary>
internal sealed class FairQueue
{
    private readonly Dictionary<string, TenantQueue> _tenants = new(StringComparer.Ordinal);
    private double _virtualTime;

    public int Count { get; private set; }

    public IReadOnlyCollection<TenantQueue> Tenants => _tenants.Values;

    public TenantQueue Tenant(string name)
    {
        if (!_tenants.TryGetValue(name, out var tenant))
            _tenants[name] = tenant = new TenantQueue(name);
        return tenant;
    }

    public void Add(MemoryJob job)
    {
        var tenant = Tenant(job.Submission.Tenant);
        if (tenant.Waiting.Count == 0)
            tenant.Tag = Math.Max(tenant.Tag, _virtualTime);
        tenant.Waiting.Add(job);
        Count++;
    }

    public void Remove(MemoryJob job)
    {
        if (Tenant(job.Submission.Tenant).Waiting.Remove(job))
            Count--;
    }

    /// <summary>The next job that an owner of these models can take; null: none.</summary>
    public MemoryJob? Take(IReadOnlyCollection<string>? models)
    {
        var full = new List<TenantQueue>();
        foreach (var tenant in InOrder())
        {
            var job = tenant.Waiting.FirstOrDefault(job => models is null || models.Contains(job.Submission.Model));
            if (job is null)
                continue;
            if (!tenant.MayRun(job.Submission.Cost))
            {
                full.Add(tenant);
                continue;
            }

            Remove(job);
            _virtualTime = Math.Max(_virtualTime, tenant.Tag);
            tenant.Tag += job.Submission.Cost / tenant.Limits.Weight;
            // Who is held up by its own limit saves nothing up meanwhile.
            foreach (var passed in full)
                passed.Tag = Math.Max(passed.Tag, _virtualTime);
            return job;
        }

        return null;
    }

    /// <summary>The place of a waiting job, from 1, if each job ran for itself.</summary>
    public int Position(MemoryJob job)
    {
        var own = Tenant(job.Submission.Tenant);
        var before = own.Waiting.TakeWhile(other => other != job).ToArray();
        var start = own.Tag + (before.Sum(other => other.Submission.Cost) / own.Limits.Weight);
        var position = before.Length + 1;
        foreach (var tenant in InOrder().Where(tenant => tenant != own))
        {
            var tag = tenant.Tag;
            foreach (var other in tenant.Waiting)
            {
                if (tag > start || (tag == start && string.CompareOrdinal(tenant.Name, own.Name) > 0))
                    break;
                position++;
                tag += other.Submission.Cost / tenant.Limits.Weight;
            }
        }

        return position;
    }

    /// <summary>Forgets tenants that would begin anew just as they are.</summary>
    public void Prune(DateTimeOffset now)
    {
        foreach (var tenant in _tenants.Values.Where(tenant => tenant.Waiting.Count + tenant.Running.Count == 0 && tenant.Tag <= _virtualTime
            && tenant.Bucket.IsFull(tenant.Limits.CostPerMinute, now)).ToArray())
            _tenants.Remove(tenant.Name);
    }

    private IEnumerable<TenantQueue> InOrder() =>
        _tenants.Values.Where(tenant => tenant.Waiting.Count > 0).OrderBy(tenant => tenant.Tag).ThenBy(tenant => tenant.Name, StringComparer.Ordinal);
}
