using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary><c>mesh serve</c>, and how services stop.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Serve_AllRoles_MakesThePictureOfTheEmbeddedDefault()
    {
        await using var service = await ServiceProcess.StartByMeshAsync(Roles.All);
        string[] wish = ["a red circle", "--seed", "1", "--steps", "3"];

        var picture = await Mesh.PictureAsync(_folder, [.. wish, "--server", service.Grpc.OriginalString]);

        Assert.Equal(await Mesh.PictureAsync(_folder, wish), picture);
    }

    [Fact]
    public async Task Serve_EachRole_MakesPicturesTogetherAndStops()
    {
        await using var textEncoder = await ServiceProcess.StartByMeshAsync(Roles.TextEncoder);
        await using var unet = await ServiceProcess.StartByMeshAsync(Roles.Unet);
        await using var vae = await ServiceProcess.StartByMeshAsync(Roles.Vae);
        await using var orchestrator = await ServiceProcess.StartByMeshAsync(
            Roles.Orchestrator, "--text-encoder", textEncoder.Grpc.Authority, "--unet", unet.Grpc.Authority, "--vae", vae.Grpc.Authority);

        await Mesh.PictureAsync(_folder, "a red circle", "--steps", "2", "--server", orchestrator.Grpc.Authority);

        foreach (var service in (ServiceProcess[])[orchestrator, textEncoder, unet, vae])
        {
            service.Process.Terminate();
            Assert.Equal(0, await service.Process.Exit);
        }
    }

    [Theory]
    [InlineData(Roles.All)]
    [InlineData(Roles.Unet)]
    public async Task Terminate_IdleService_StopsServingAndExits0(string role)
    {
        await using var service = await ServiceProcess.StartByMeshAsync(role);
        var states = new List<ServingStatus>();
        await foreach (var state in service.Health.WatchAsync())
        {
            if (states.Count == 0)
                service.Process.Terminate();
            states.Add(state);
        }

        Assert.Equal([ServingStatus.Serving, ServingStatus.NotServing], states);
        Assert.Equal(0, await service.Process.Exit);
    }

    [Theory]
    [InlineData(Roles.Unet)]
    [InlineData(Roles.All)]
    public async Task Terminate_WhileModelsLoad_Exits0(string role)
    {
        await using var process = DotNet.Start(
            Executables.Mesh, ["serve", "--role", role, "--grpc", "127.0.0.1:0", "--health", "none", "--http", "none"]);
        await process.ErrorLineAsync("Now listening on");

        process.Terminate();

        Assert.Equal(0, await process.Exit);
    }

    [Fact]
    public async Task Terminate_WhileAJobRuns_TheJobEndsFirst()
    {
        await using var service = await ServiceProcess.StartByMeshAsync(Roles.All);
        using var call = new GenerationCall(
            service.Grpc.OriginalString, new GenerateRequest { Prompt = "a red circle", Schedule = new Schedule { Steps = 60 } });
        await call.StepAsync(2);

        service.Process.Terminate();

        Assert.Equal(128, PngFile.Read(await call.PictureAsync()).Width);
        Assert.Equal(0, await service.Process.Exit);
    }

    [Fact]
    public async Task Health_ItsPort_TellsEachNameAndServesNothingElse()
    {
        await using var service = await ServiceProcess.StartByMeshAsync(Roles.All);
        using var channel = GrpcChannel.ForAddress(service.Health.Address);
        var client = new Generation.GenerationClient(channel);

        Assert.Equal(ServingStatus.Serving, await service.Health.CheckAsync("diffusion.mesh.v1.Generation"));
        Assert.Equal(ServingStatus.Serving, await service.Health.CheckAsync("liveness"));
        var refusal = await Assert.ThrowsAsync<RpcException>(async () => await client.ListModelsAsync(new ListModelsRequest()));
        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }

    public void Dispose() => _folder.Dispose();
}
