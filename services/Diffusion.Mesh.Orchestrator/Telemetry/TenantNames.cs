using System.Collections.Concurrent;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Tenants as labels: as many as a store of metrics bears, the first that come, and the rest together.</summary>
internal sealed class TenantNames
{
    /// <summary>Labels of their own.</summary>
    public const int Most = 100;

    /// <summary>The rest.</summary>
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>A tenant's label.</summary>
    public string Of(string tenant)
    {
        if (_known.ContainsKey(tenant))
            return tenant;
        lock (_known)
        {
            if (_known.Count < Most)
                _known.TryAdd(tenant, true);
        }

        return _known.ContainsKey(tenant) ? tenant : Other;
    }
}
