using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Diffusion.Mesh.Identity;

/// <summary>A key as the file has it: everything but the secret.</summary>
public sealed record KeyEntry
{
    private const int MaxTenant = 64;

    /// <summary>The key's id.</summary>
    public required string Id { get; init; }

    /// <summary>Salt of the hash, 16 bytes.</summary>
    public required byte[] Salt { get; init; }

    /// <summary>SHA-256 over salt and secret (see <see cref="KeyHash"/>), 32 bytes.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>1 to 64 characters of [A-Za-z0-9._-]; not <see cref="Caller.AnonymousTenant"/>.</summary>
    public required string Tenant { get; init; }

    /// <summary>Names of the models that may be used; empty: all.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>How much may be used.</summary>
    public Quotas Quotas { get; init; } = Quotas.None;

    /// <summary>Whether its holder may see and end what all tenants do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Operator { get; init; }

    /// <summary>From when on the key is worth nothing; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Who comes with this key.</summary>
    public Caller Caller() => new(Id, Tenant, Models.ToFrozenSet(StringComparer.Ordinal), Quotas, Operator);

    /// <summary>What is wrong with it, each as a sentence.</summary>
    public IEnumerable<string> Problems()
    {
        if (!ApiKey.IsId(Id))
            yield return "id must be 12 characters of 0-9 and a-f.";
        if (Salt.Length != KeyHash.SaltBytes)
            yield return $"salt must have {KeyHash.SaltBytes} bytes.";
        if (Hash.Length != 32)
            yield return "hash must have 32 bytes.";
        if (Tenant.Length is 0 or > MaxTenant || !Tenant.All(c => char.IsAsciiLetterOrDigit(c) || "._-".Contains(c)))
            yield return $"tenant must be 1 to {MaxTenant} characters of A-Z, a-z, 0-9 and ._-, and is '{Tenant}'.";
        if (Tenant == Identity.Caller.AnonymousTenant)
            yield return $"tenant '{Tenant}' is that of callers without a key.";
        foreach (var problem in Quotas.Problems())
            yield return $"quotas.{problem}";
    }
}
