using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>An OpenID Connect issuer on a free port of the loopback interface.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    public const string Audience = "diffusion-mesh";

    private readonly WebApplication _app;
    private readonly List<RSA> _all = [];
    private int _asked;

    private TestIssuer(WebApplication app)
    {
        _app = app;
        app.MapGet("/.well-known/openid-configuration", () =>
        {
            Interlocked.Increment(ref _asked);
            return Results.Json(new { issuer = Named ?? Address, jwks_uri = $"{Address}/keys" });
        });
        app.MapGet("/keys", () => Results.Json(new
        {
            keys = new[] { JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(Key.Rsa.ExportParameters(false)) { KeyId = Key.KeyId }) }
            .Select(k => new { kty = k.Kty, kid = k.Kid, n = k.N, e = k.E, use = "sig" })
        }));
        Rotate();
    }

    public string Address => _app.Urls.Single();

    /// <summary>How often it was asked for its document.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>As whom it names itself; null: rightly.</summary>
    public string? Named { get; set; }

    /// <summary>What it signs with.</summary>
    public RsaSecurityKey Key { get; private set; } = null!;

    public static async Task<TestIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new TestIssuer(builder.Build());
        await issuer._app.StartAsync();
        return issuer;
    }

    /// <summary>Signs with another key from now on.</summary>
    public void Rotate() => Key = NewKey($"key-{_all.Count}");

    public RsaSecurityKey NewKey(string id)
    {
        _all.Add(RSA.Create(2048));
        return new RsaSecurityKey(_all[^1]) { KeyId = id };
    }

    /// <summary>A token that is good for a minute, unless it is changed.</summary>
    public string Token(string subject, Action<SecurityTokenDescriptor>? change = null)
    {
        var now = DateTime.UtcNow;
        var token = new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = Audience,
            IssuedAt = now.AddMinutes(-10),
            NotBefore = now.AddMinutes(-10),
            Expires = now.AddMinutes(1),
            Claims = new Dictionary<string, object> { ["sub"] = subject },
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _all.ForEach(key => key.Dispose());
    }
}
