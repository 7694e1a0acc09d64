using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.State.Tests;

/// <summary>A Redis behind TLS and a password.</summary>
public sealed class GuardedRedisTests : IAsyncLifetime
{
    private const string Password = "correct horse";

    private readonly TestAuthority _authority = new();
    private readonly int _port = FreePort();
    private RedisServer _server = null!;

    public async Task InitializeAsync()
    {
        var (certificate, key) = _authority.Issue("redis.test");
        _server = RedisServer.With(
            "--tls-port", $"{_port}", "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", _authority.Authorities,
            "--tls-auth-clients", "no", "--requirepass", Password);
        await _server.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
    }

    [Fact]
    public async Task Ping_PasswordAndAuthority_Answers() => Assert.Equal("PONG", await PingAsync(Options(Password, _authority)));

    [Fact]
    public async Task Ping_WrongPassword_IsUnavailableAndSaysWhy()
    {
        var error = await Assert.ThrowsAsync<StateUnavailableException>(() => PingAsync(Options("wrong", _authority)));

        Assert.Contains("password", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("wrong", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_CertificateOfAnotherAuthority_IsUnavailable()
    {
        using var stranger = new TestAuthority();

        await Assert.ThrowsAsync<StateUnavailableException>(() => PingAsync(Options(Password, stranger)));
    }

    private static async Task<string> PingAsync(RedisOptions options)
    {
        await using var redis = new RedisConnection(options, TimeProvider.System);
        return (string)(await redis.ExecuteAsync(TimeSpan.FromSeconds(10), "PING", [], default))!;
    }

    private RedisOptions Options(string password, TestAuthority authority)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(authority.Authorities);
        return new RedisOptions { Configuration = $"127.0.0.1:{_port}", Password = password, Tls = true, Authorities = authorities };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
