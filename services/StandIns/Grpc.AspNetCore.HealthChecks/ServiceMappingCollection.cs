using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Mappings of services to health checks, one for each service.</summary>
public sealed class ServiceMappingCollection : ICollection<ServiceMapping>
{
    private readonly ByName _mappings = [];

    /// <inheritdoc/>
    public int Count => _mappings.Count;

    /// <inheritdoc/>
    bool ICollection<ServiceMapping>.IsReadOnly => false;

    /// <summary>Maps a service to the health checks that satisfy <paramref name="predicate"/>, in place of any earlier mapping.</summary>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        Remove(name);
        Add(new ServiceMapping(name, predicate));
    }

    /// <summary>Maps a service to the results that satisfy <paramref name="predicate"/>, in place of any earlier mapping.</summary>
    [Obsolete("Use Map, which chooses the checks before they run.")]
    public void MapService(string name, Func<HealthResult, bool> predicate)
    {
        Remove(name);
        Add(new ServiceMapping(name, predicate));
    }

    /// <summary>Adds a mapping.</summary>
    /// <exception cref="ArgumentException">The service is mapped already.</exception>
    public void Add(ServiceMapping service) => _mappings.Add(service);

    /// <summary>Removes a service's mapping, if there is one.</summary>
    public void Remove(string name) => _mappings.Remove(name);

    /// <inheritdoc/>
    public void Clear() => _mappings.Clear();

    /// <inheritdoc/>
    public IEnumerator<ServiceMapping> GetEnumerator() => _mappings.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    bool ICollection<ServiceMapping>.Contains(ServiceMapping item) => _mappings.Contains(item);

    /// <inheritdoc/>
    void ICollection<ServiceMapping>.CopyTo(ServiceMapping[] array, int arrayIndex) => _mappings.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    bool ICollection<ServiceMapping>.Remove(ServiceMapping item) => _mappings.Remove(item);

    internal bool TryGet(string name, [NotNullWhen(true)] out ServiceMapping? mapping) => _mappings.TryGetValue(name, out mapping);

    private sealed class ByName() : KeyedCollection<string, ServiceMapping>(StringComparer.Ordinal)
    {
        protected override string GetKeyForItem(ServiceMapping item) => item.Name;
    }
}
