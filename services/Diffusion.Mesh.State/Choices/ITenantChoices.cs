namespace Diffusion.Mesh.State;

/// <summary>
/// What tenants chose for calls that do not say: a word or two for each, the same for all processes. A choice that nobody asks for is forgotten after 14 days.
/// <para>All methods throw <see cref="StateUnavailableException"/> where the store cannot be used, and <see cref="OperationCanceledException"/>.</para>
/// </summary>
public interface ITenantChoices
{
    /// <summary>What a tenant chose; null: nothing, or it is forgotten.</summary>
    /// <param name="about">What the choice is about, for example <c>model</c>.</param>
    Task<string?> GetAsync(string tenant, string about, CancellationToken cancellation);

    /// <summary>Replaces what a tenant chose.</summary>
    Task PutAsync(string tenant, string about, string choice, CancellationToken cancellation);
}
