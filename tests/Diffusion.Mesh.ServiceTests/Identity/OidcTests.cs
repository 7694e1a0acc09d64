using System.Text;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.Tokens;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Bearer tokens of an issuer.</summary>
public sealed class OidcTests : ApiTest
{
    private readonly ManualTime _time = new();
    private TestIssuer _issuer = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _issuer = await KeepAsync(TestIssuer.StartAsync());
    }

    [Theory]
    [InlineData("ada", "oidc.ada")]
    [InlineData("auth0|5f7c", "oidc-sha256.")]
    [InlineData("anonymous", "oidc.anonymous")]
    public async Task Find_GoodToken_IsATenantOfItsOwn(string subject, string tenant)
    {
        using var signers = Signers();

        var caller = await new OidcTokens(Options(), signers).FindAsync(_issuer.Token(subject), Patience.Token);

        Assert.StartsWith(tenant, caller!.Tenant, StringComparison.Ordinal);
        Assert.Equal((OidcTokens.KeyId, false), (caller.KeyId, caller.IsOperator));
    }

    [Fact]
    public async Task Find_AnythingElse_IsNobody()
    {
        using var signers = Signers();
        var tokens = new OidcTokens(Options(), signers);
        var now = DateTime.UtcNow;
        var good = _issuer.Token("ada");
        var parts = good.Split('.');
        string[] wrong =
        [
            _issuer.Token("ada", t => t.Expires = now.AddMinutes(-2)),
            _issuer.Token("ada", t => t.Expires = null),
            _issuer.Token("ada", t => t.NotBefore = now.AddSeconds(50)),
            _issuer.Token("ada", t => t.Audience = "others"),
            _issuer.Token("ada", t => t.Audience = null),
            _issuer.Token("ada", t => t.Issuer = "https://issuer.example"),
            _issuer.Token(""),
            _issuer.Token("ada", t => t.SigningCredentials = new SigningCredentials(_issuer.NewKey(_issuer.Key.KeyId), SecurityAlgorithms.RsaSha256)),
            _issuer.Token("ada", t => t.SigningCredentials = null),
            // Signed with what everybody knows.
            _issuer.Token("ada", t => t.SigningCredentials = new SigningCredentials(
                new SymmetricSecurityKey(_issuer.Key.Rsa.ExportSubjectPublicKeyInfo()) { KeyId = _issuer.Key.KeyId }, SecurityAlgorithms.HmacSha256)),
            $"{parts[0]}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[1])).Replace("ada", "eve"))}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.",
            "a.b.c",
            "..",
            new string('x', 100_000),
        ];

        foreach (var token in wrong)
            Assert.Null(await tokens.FindAsync(token, Patience.Token));
        Assert.NotNull(await tokens.FindAsync(good, Patience.Token));
    }

    [Fact]
    public async Task Find_NewKeyOfTheIssuer_IsAskedForButNotWithEachToken()
    {
        using var signers = Signers();
        var tokens = new OidcTokens(Options(), signers);
        var old = _issuer.Token("ada");
        Assert.NotNull(await tokens.FindAsync(old, Patience.Token));
        _issuer.Rotate();

        for (var i = 0; i < 10; i++)
            Assert.Null(await tokens.FindAsync(_issuer.Token("ada"), Patience.Token));
        Assert.Equal(1, _issuer.Asked);
        _time.Advance(TimeSpan.FromSeconds(30));

        Assert.NotNull(await tokens.FindAsync(_issuer.Token("ada"), Patience.Token));
        Assert.Null(await tokens.FindAsync(old, Patience.Token));
        Assert.Equal(2, _issuer.Asked);
    }

    [Fact]
    public async Task Find_DocumentOfAnotherIssuer_IsUnavailable()
    {
        _issuer.Named = "https://issuer.example";
        using var signers = Signers();

        var error = await Assert.ThrowsAsync<ServiceException>(async () => await new OidcTokens(Options(), signers).FindAsync(_issuer.Token("ada"), Patience.Token));

        Assert.Equal(ServiceError.Unavailable, error.Error);
    }

    [Fact]
    public async Task Call_TokensBesideKeys_AreTakenAtBothDoors()
    {
        var (key, like) = (Keys.Add("acme"), Keys.Add("template", models: "other"));
        var oidc = Options() with { TenantClaim = "team", Operator = "roles=staff", Key = like.Id };
        await StartAsync(s => s with { Keys = Keys.Path, Anonymous = AnonymousCalls.Never, Options = o => o with { Oidc = oidc } });
        Go();
        var staff = _issuer.Token("ada", t => (t.Claims["team"], t.Claims["roles"]) = ("red", new[] { "user", "staff" }));
        var user = _issuer.Token("bob", t => t.Claims["team"] = "red");
        var client = Orchestrator.Client();

        // The key's model is another one.
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.FulfilAsync(Wishes.Quick(), Bearer(user)));
        await client.FulfilAsync(Wishes.Quick(), Bearer(key.Text()));
        var nobody = await Assert.ThrowsAsync<RpcException>(async () => await client.ListModelsAsync(new ListModelsRequest(), Bearer(_issuer.Token("eve"))));

        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        Assert.Equal(StatusCode.Unauthenticated, nobody.StatusCode);
        Assert.Equal(200, await StatusAsync("/api/jobs", user));
        Assert.Equal(401, await StatusAsync("/api/jobs", $"{user}x"));
        Assert.Equal(200, await StatusAsync("/api/operator/jobs", staff));
        Assert.Equal(403, await StatusAsync("/api/operator/jobs", user));
        Assert.All(Log.Lines, line => Assert.DoesNotContain(user.Split('.')[2], line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://issuer.example", "a", "sub", null, "--oidc-issuer")]
    [InlineData("https://issuer.example", "", "sub", null, "--oidc-audience")]
    [InlineData("https://issuer.example", "a", "", null, "--oidc-tenant-claim")]
    [InlineData("https://issuer.example", "a", "sub", "staff", "--oidc-operator")]
    public async Task Start_WrongIssuer_IsAWrongOption(string issuer, string audience, string claim, string? rule, string option)
    {
        var oidc = new OidcOptions(issuer, audience) { TenantClaim = claim, Operator = rule };

        var error = await Assert.ThrowsAsync<OptionsException>(() => StartAsync(s => s with { Options = o => o with { Oidc = oidc } }));

        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    private OidcOptions Options() => new(_issuer.Address, TestIssuer.Audience);

    private OidcKeys Signers() => new(_issuer.Address, _time, NullLogger<OidcKeys>.Instance);

    private static Metadata Bearer(string token) => new() { { "authorization", $"Bearer {token}" } };

    private async Task<int> StatusAsync(string path, string token)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        using var response = await SendAsync(request);
        return (int)response.StatusCode;
    }
}
