namespace Diffusion.Mesh.Identity;

/// <summary>Who makes a call.</summary>
/// <param name="KeyId">The id of its key; empty for an anonymous one.</param>
/// <param name="Tenant">Whom it works for: jobs are seen and cancelled, and quotas counted, by tenant.</param>
/// <param name="Models">Names of the models that it may use; empty: all.</param>
/// <param name="Quotas">How much it may use.</param>
/// <param name="IsOperator">Whether it may see and end what all tenants do; never what they ask for.</param>
public sealed record Caller(string KeyId, string Tenant, IReadOnlySet<string> Models, Quotas Quotas, bool IsOperator = false)
{
    /// <summary>The tenant of callers without a key. No key's tenant may have this name.</summary>
    public const string AnonymousTenant = "anonymous";

    /// <summary>One without a key.</summary>
    public static Caller Anonymous { get; } = new("", AnonymousTenant, new HashSet<string>(), Quotas.None);

    /// <summary>Whether it may use a model.</summary>
    public bool MayUse(string model) => Models.Count == 0 || Models.Contains(model);
}
