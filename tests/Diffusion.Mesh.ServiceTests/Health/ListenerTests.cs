using System.Net;
using System.Net.Http.Headers;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>An orchestrator's three listeners, each for its own purpose only; it has no worker, and needs none for this.</summary>
public sealed class ListenerTests : ServiceTest
{
    private RunningService _service = null!;

    private Uri GrpcPort => _service.Addresses[0];

    private Uri Health => _service.Addresses[1];

    private Uri Http => _service.Addresses[2];

    public override async Task InitializeAsync() => _service = await KeepAsync(RunningService.StartAsync(new OrchestratorRole(), Log, new ServiceOptions
    {
        Grpc = ListenAddress.AnyLoopback,
        Health = ListenAddress.AnyLoopback,
        Http = ListenAddress.AnyLoopback,
        Models = RunningService.Models,
        TextEncoders = [OrchestratorSetup.Nobody],
        Unets = [OrchestratorSetup.Nobody],
        Vaes = [OrchestratorSetup.Nobody],
    }));

    [Fact]
    public async Task GrpcPort_Reflection_ListsEveryService()
    {
        using var channel = GrpcChannel.ForAddress(GrpcPort);

        Assert.Equal(
            ["diffusion.mesh.v1.Generation", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"],
            await ListAsync(channel));
    }

    [Fact]
    public async Task GrpcPort_ModelsAndHealth_AreServedWithoutAnyWorker()
    {
        using var channel = GrpcChannel.ForAddress(GrpcPort);

        Assert.Single((await new Generation.GenerationClient(channel).ListModelsAsync(new ListModelsRequest())).Models);
        Assert.Equal(
            HealthCheckResponse.Types.ServingStatus.Serving,
            (await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = "diffusion.mesh.v1.Generation" })).Status);
    }

    [Fact]
    public async Task HealthPort_AnythingButHealth_IsUnimplemented()
    {
        using var channel = GrpcChannel.ForAddress(Health);

        var models = await Assert.ThrowsAsync<RpcException>(
            async () => await new Generation.GenerationClient(channel).ListModelsAsync(new ListModelsRequest()));
        var reflection = await Assert.ThrowsAsync<RpcException>(() => ListAsync(channel));
        var generate = await new Generation.GenerationClient(channel).FailAsync(Wishes.Quick());

        Assert.All([models, reflection, generate], e => Assert.Equal(StatusCode.Unimplemented, e.StatusCode));
    }

    [Fact]
    public async Task HealthPort_Health_IsServed()
    {
        using var channel = GrpcChannel.ForAddress(Health);

        var response = await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new HealthCheckRequest());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, response.Status);
    }

    [Fact]
    public async Task HttpPort_Http1_IsAnswered()
    {
        using var client = new HttpClient();

        using var response = await client.GetAsync(Http);

        Assert.Equal(HttpVersion.Version11, response.Version);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task GrpcPort_AnythingButGrpc_IsNotFound()
    {
        using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        Assert.All(
            [await client.GetAsync(GrpcPort), await client.GetAsync(new Uri(GrpcPort, "api/models"))], r => Assert.Equal(HttpStatusCode.NotFound, r.StatusCode));
    }

    [Fact]
    public async Task HttpPort_GrpcOverHttp1_IsUnimplemented()
    {
        using var client = new HttpClient();
        using var content = new ByteArrayContent([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await client.PostAsync(new Uri(Http, "diffusion.mesh.v1.Generation/ListModels"), content);

        Assert.Equal(["12"], response.Headers.GetValues("grpc-status"));
    }

    [Fact]
    public async Task HttpPort_Http2_IsRefused()
    {
        using var channel = GrpcChannel.ForAddress(Http);

        await Assert.ThrowsAsync<RpcException>(
            async () => await new Generation.GenerationClient(channel).ListModelsAsync(new ListModelsRequest(), cancellationToken: Patience.Token));
    }

    [Fact]
    public async Task Generate_WhileDraining_IsUnavailable()
    {
        _service.Services.GetRequiredService<Readiness>().SetDraining();

        Assert.Equal(StatusCode.Unavailable, (await _service.Client().FailAsync(Wishes.Quick())).StatusCode);
    }

    private static async Task<IEnumerable<string>> ListAsync(GrpcChannel channel)
    {
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo();
        try
        {
            await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "*" });
        }
        catch (RpcException)
        {
            // It was refused before the message was out; reading tells why.
        }

        Assert.True(await call.ResponseStream.MoveNext(Patience.Token));
        return call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).Order(StringComparer.Ordinal);
    }
}
