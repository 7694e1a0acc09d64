using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Diffusion.Mesh.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Diffusion.Mesh.Hosting;

/// <summary>Tells who has a bearer token (RFC 9068, or an ID token) of the issuer. Nothing of a token is ever logged.</summary>
/// <param name="options">The issuer.</param>
/// <param name="signers">The keys that it signs with.</param>
/// <param name="keys">The file with <see cref="OidcOptions.Key"/>; null: there is none.</param>
public sealed class OidcTokens(OidcOptions options, OidcKeys signers, KeyRing? keys = null)
{
    /// <summary>Key id of callers with a token.</summary>
    public const string KeyId = "oidc";

    private const int MaxBytes = 16 << 10;
    private const int MaxTenant = 64;

    // Signatures that only the issuer can make. Whoever can check one of a shared secret could make it, too.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxBytes };

    /// <summary>Who has a token; null where it is none, another's, expired, or not for here.</summary>
    /// <exception cref="ServiceException">The issuer was never reached.</exception>
    public async ValueTask<Caller?> FindAsync(string text, CancellationToken cancellation)
    {
        // The issuer is not asked for the keys of what cannot be a token of its own.
        if (Parse(text) is not { } token || token.Issuer != options.Issuer || !Algorithms.Contains(token.Alg) || token.Kid is not { Length: > 0 } id)
            return null;
        var known = await signers.FindAsync(id, cancellation)
            ?? throw new ServiceException(ServiceError.Unavailable, "The issuer of tokens cannot be reached; try again in a moment.");
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Issuer,
            ValidAudience = options.Audience,
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = known,
            TryAllIssuerSigningKeys = false,
            ClockSkew = TimeSpan.FromSeconds(30),
        });
        return result.IsValid ? CallerOf(result.ClaimsIdentity) : null;
    }

    private JsonWebToken? Parse(string text)
    {
        try
        {
            // Three parts: signed, not encrypted.
            return text.Length <= MaxBytes && text.Count(c => c == '.') == 2 ? _handler.ReadJsonWebToken(text) : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    private Caller? CallerOf(ClaimsIdentity claims)
    {
        if (claims.FindFirst(options.TenantClaim)?.Value is not { Length: > 0 } name)
            return null;
        var like = options.Key is { } id ? keys?.Find(id) : Caller.Anonymous;
        return like is null ? null : like with { KeyId = KeyId, Tenant = TenantOf(name), IsOperator = IsOperator(claims) };
    }

    private bool IsOperator(ClaimsIdentity claims) =>
        options.Operator?.Split('=', 2) is [var claim, var value] && claims.HasClaim(claim, value);

    // A tenant of keys can be meant only on purpose: by a key whose tenant begins like this. What is no tenant's name stands by its hash, under a beginning of its own, so that nobody can
    // choose a name that is another's hash.
    private static string TenantOf(string name) =>
        name.Length <= MaxTenant - "oidc.".Length && name.All(c => char.IsAsciiLetterOrDigit(c) || "._-".Contains(c))
            ? $"oidc.{name}"
            : $"oidc-sha256.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32]}";
}
