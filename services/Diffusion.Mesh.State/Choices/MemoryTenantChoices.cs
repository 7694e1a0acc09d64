using System.Collections.Concurrent;

namespace Diffusion.Mesh.State;

/// <summary>Choices of this process's own tenants, of whom there are as many as keys name; kept as long as it lives.</summary>
public sealed class MemoryTenantChoices : ITenantChoices
{
    private readonly ConcurrentDictionary<(string Tenant, string About), string> _choices = [];

    /// <inheritdoc/>
    public Task<string?> GetAsync(string tenant, string about, CancellationToken cancellation) => Task.FromResult(_choices.GetValueOrDefault((tenant, about)));

    /// <inheritdoc/>
    public Task PutAsync(string tenant, string about, string choice, CancellationToken cancellation)
    {
        _choices[(tenant, about)] = choice;
        return Task.CompletedTask;
    }
}
