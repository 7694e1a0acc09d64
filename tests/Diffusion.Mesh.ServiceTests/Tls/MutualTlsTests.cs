using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.TextEncoder;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Vae;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Services that take only each other's calls.</summary>
public sealed class MutualTlsTests : ServiceTest
{
    private const string Name = "workers.test";

    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _authority.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Generate_WorkersByNameWithCertificates_IsMade()
    {
        var workers = await Task.WhenAll(StartAsync(new TextEncoderRole()), StartAsync(new UnetRole()), StartAsync(new VaeRole()));
        var orchestrator = await OrchestrateAsync(workers, Identity(_authority, "orchestrator.test"));

        Assert.NotNull((await orchestrator.Client().FulfilAsync(Wishes.Quick()))[^1].Done);
    }

    [Fact]
    public async Task Generate_WorkerProvesAnotherName_IsNeverCalled()
    {
        var other = await StartAsync(new VaeRole(), Identity(_authority, "other.test"));
        var orchestrator = await OrchestrateAsync([other, other, other], Identity(_authority, "orchestrator.test"));

        await orchestrator.KnowsAsync(workers => workers is [{ Standing: Standing.Lost }]);
    }

    [Fact]
    public async Task Call_NoCertificate_IsRefusedAndHealthAnswers()
    {
        var vae = await StartAsync(new VaeRole());
        using var channel = Open(vae.Address, null);
        using var health = GrpcChannel.ForAddress(vae.Addresses[1]);

        await AssertRefusedAsync(channel);

        var answer = await new Health.HealthClient(health).CheckAsync(new HealthCheckRequest { Service = "readiness" });
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task Call_CertificateNotForThis_IsRefused()
    {
        var vae = await StartAsync(new VaeRole());
        using var stranger = Open(vae.Address, Identity(_stranger, Name));
        using var server = Open(vae.Address, Identity(_authority, Name, TestAuthority.ServerPurpose));
        using var client = Open(vae.Address, Identity(_authority, Name, TestAuthority.ClientPurpose));

        await AssertRefusedAsync(stranger);
        await AssertRefusedAsync(server);
        await new Health.HealthClient(client).CheckAsync(new HealthCheckRequest());
    }

    [Fact]
    public async Task PublicPort_WithCertificate_ServesCallersWithoutOne()
    {
        var orchestrator = await KeepAsync(RunningService.StartAsync(new OrchestratorRole(), Log, Options() with
        {
            PublicTls = Identity(_authority, "mesh.test") with { Authorities = null },
            Http = ListenAddress.AnyLoopback,
            TextEncoders = [OrchestratorSetup.Nobody],
            Unets = [OrchestratorSetup.Nobody],
            Vaes = [OrchestratorSetup.Nobody],
        }));
        using var channel = Open(orchestrator.Address, null);
        using var http = new HttpClient(Handler(null));

        Assert.Equal("https", orchestrator.Address.Scheme);
        Assert.Single((await new Generation.GenerationClient(channel).ListModelsAsync(new ListModelsRequest())).Models);
        using var answer = await http.GetAsync(orchestrator.Addresses[^1]);
        Assert.Equal("https", orchestrator.Addresses[^1].Scheme);
    }

    [Fact]
    public void Build_FilesMissingOrWrong_NamesEveryOption()
    {
        var wrong = Options() with
        {
            Tls = new TlsFiles("none.crt", "", null),
            PublicTls = new TlsFiles("", "none.key"),
            RedisTls = true,
            TextEncoders = [OrchestratorSetup.Nobody],
            Unets = [OrchestratorSetup.Nobody],
            Vaes = [OrchestratorSetup.Nobody],
        };

        var told = Assert.Throws<OptionsException>(() => MeshHost.Build(new OrchestratorRole(), wrong)).Message;

        Assert.Contains("--tls-certificate, --tls-key and --tls-ca must be given together", told, StringComparison.Ordinal);
        Assert.Contains("--public-tls-certificate and --public-tls-key must be given together", told, StringComparison.Ordinal);
        Assert.Contains("--unet must name https:// or dns:/// addresses", told, StringComparison.Ordinal);
        Assert.Contains("--redis-tls", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_FileThatIsNoCertificate_IsToldWithItsOption()
    {
        var (_, key) = _authority.Issue(Name);

        var told = Assert.Throws<OptionsException>(
            () => MeshHost.Build(new VaeRole(), Options() with { Tls = new TlsFiles(key, key, _authority.Authorities) })).Message;

        Assert.StartsWith("--tls-certificate: ", told, StringComparison.Ordinal);
    }

    private Task<RunningService> StartAsync(ServiceRole role, TlsFiles? identity = null) =>
        KeepAsync(RunningService.StartAsync(role, Log, Options() with { Tls = identity ?? Identity(_authority, Name), Health = ListenAddress.AnyLoopback }));

    private Task<RunningService> OrchestrateAsync(RunningService[] workers, TlsFiles identity) => KeepAsync(RunningService.StartAsync(
        new OrchestratorRole(),
        Log,
        Options() with
        {
            Tls = identity,
            TextEncoders = [ByName(workers[0])],
            Unets = [ByName(workers[1])],
            Vaes = [ByName(workers[2])],
        },
        builder => builder.Services.AddSingleton<IDnsResolver>(new FakeDns(Name) { Addresses = [IPAddress.Loopback] })));

    private static Uri ByName(RunningService worker) => ServiceAddress.ParseWorkers($"dns:///{Name}:{worker.Address.Port}");

    private static ServiceOptions Options() => new() { Grpc = ListenAddress.AnyLoopback, Models = RunningService.Models };

    private static TlsFiles Identity(TestAuthority authority, string name, params string[] purposes)
    {
        var (certificate, key) = authority.Issue(name, purposes);
        return new TlsFiles(certificate, key, authority.Authorities);
    }

    private static GrpcChannel Open(Uri address, TlsFiles? shown) => GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = Handler(shown), DisposeHttpClient = true });

    // Whom the server is, is not the question here.
    private static SocketsHttpHandler Handler(TlsFiles? shown) => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
            ClientCertificates = shown is null ? null : [X509Certificate2.CreateFromPemFile(shown.Certificate, shown.Key)],
        },
    };

    private static async Task AssertRefusedAsync(GrpcChannel channel)
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + Patience.Time));
        // A client may have finished its part of the handshake before it is refused, and sees a connection that breaks.
        Assert.Contains(error.StatusCode, new[] { StatusCode.Unavailable, StatusCode.Internal });
    }
}
