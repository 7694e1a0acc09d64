namespace Diffusion.Mesh.Hosting;

/// <summary>An OpenID Connect issuer whose tokens are taken beside API keys.</summary>
/// <param name="Issuer">Its address, as its tokens have it in <c>iss</c>: https, or http on loopback.</param>
/// <param name="Audience">What tokens for this cluster have in <c>aud</c>.</param>
public sealed record OidcOptions(string Issuer, string Audience)
{
    /// <summary>The claim that names the tenant.</summary>
    public string TenantClaim { get; init; } = "sub";

    /// <summary>CLAIM=VALUE: who has the value in the claim, or in its list, is an operator; null: nobody.</summary>
    public string? Operator { get; init; }

    /// <summary>Id of the API key whose models and quotas each of the tenants has; null: all models, no quotas.</summary>
    public string? Key { get; init; }

    internal IEnumerable<string> Problems(bool hasKeys)
    {
        var isAddress = Uri.TryCreate(Issuer, UriKind.Absolute, out var uri) && uri.Query.Length == 0 && uri.Fragment.Length == 0
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
        if (!isAddress)
            yield return $"--oidc-issuer must be an https address (http on loopback only), and is '{Issuer}'.";
        if (Audience.Length == 0)
            yield return "--oidc-audience must be given with --oidc-issuer.";
        if (TenantClaim.Length == 0)
            yield return "--oidc-tenant-claim must be the name of a claim.";
        if (Operator is { } rule && rule.IndexOf('=') is var at && (at <= 0 || at == rule.Length - 1))
            yield return $"--oidc-operator must be CLAIM=VALUE, and is '{rule}'.";
        if (Key is not null && !hasKeys)
            yield return "--oidc-key names a key of the file of --keys, which must be given.";
    }
}
