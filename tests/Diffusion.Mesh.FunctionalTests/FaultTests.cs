using Diffusion.Mesh.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>What happens to generations when processes die or stop.</summary>
public sealed class FaultTests : IDisposable
{
    // Long enough that a job is still running when the test acts on what it was told of it.
    private const int ManySteps = 150;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Generate_BusyUnetWorkerIsKilled_OtherOneEndsItWithTheSameBytes()
    {
        await using var cluster = await MeshCluster.StartAsync(unets: 2);
        var expected = await UndisturbedAsync(cluster);
        using var call = new GenerationCall(cluster.Server, Wish());
        await call.StepAsync(8);
        var (busy, other) = await WorkersAsync(cluster, call);

        await busy.Process.KillAsync();

        Assert.Equal(expected, await call.PictureAsync());
        await AssertWentOnAsync(other, call);
    }

    [Fact]
    public async Task Generate_BusyUnetWorkerIsStopped_OtherOneEndsItWithTheSameBytes()
    {
        await using var cluster = await MeshCluster.StartAsync(unets: 2);
        var expected = await UndisturbedAsync(cluster);
        using var call = new GenerationCall(cluster.Server, Wish());
        await call.StepAsync(8);
        var (busy, other) = await WorkersAsync(cluster, call);

        // The signal and the probe of a pod that is taken away.
        var states = new List<ServingStatus>();
        await foreach (var state in busy.Health.WatchAsync("readiness"))
        {
            if (states.Count == 0)
                busy.Process.Terminate();
            states.Add(state);
        }

        Assert.Equal([ServingStatus.Serving, ServingStatus.NotServing], states);
        Assert.Equal(expected, await call.PictureAsync());
        Assert.Equal(0, await busy.Process.Exit);
        await AssertWentOnAsync(other, call);
    }

    [Fact]
    public async Task Generate_OnlyUnetWorkerIsKilled_Exit3NamingItAndNoFile()
    {
        await using var cluster = await MeshCluster.StartAsync();
        var unet = cluster.Unets[0];
        await using var mesh = DotNet.Start(
            Executables.Mesh, ["generate", "a red circle", "-o", _folder.File("a.png"), "--steps", "1000", "--server", cluster.Server]);
        await unet.Process.ErrorLineAsync(LogLines.JobBegins);

        await unet.Process.KillAsync();

        Assert.Equal(3, await mesh.Exit);
        Assert.Contains($"The UNet worker at {unet.Grpc.Authority} does not answer", mesh.Error);
        Assert.Empty(mesh.Output);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Generate_Interrupted_Exit130NoFileAndTheJobEnds()
    {
        await using var cluster = await MeshCluster.StartAsync();
        await using var mesh = DotNet.StartInterruptible(
            Executables.Mesh, ["generate", "a red circle", "-o", _folder.File("a.png"), "--steps", "1000", "--server", cluster.Server]);
        await cluster.Unets[0].Process.ErrorLineAsync(LogLines.JobBegins);

        mesh.Interrupt();

        Assert.Equal(130, await mesh.Exit);
        Assert.Empty(mesh.Output);
        Assert.Empty(_folder.Names);
        await cluster.Orchestrator.Process.ErrorLineAsync(LogLines.JobEnded);
    }

    [Theory]
    [InlineData(Roles.TextEncoder, "text encoder")]
    [InlineData(Roles.Vae, "VAE")]
    public async Task Generate_ServiceIsGone_Exit3NamingIt(string role, string name)
    {
        await using var cluster = await MeshCluster.StartAsync();
        var service = role == Roles.Vae ? cluster.Vae : cluster.TextEncoder;
        await service.Process.KillAsync();

        var result = await Mesh.RunAsync("generate", "a red circle", "-o", _folder.File("a.png"), "--steps", "2", "--server", cluster.Server);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"The {name} at {service.Grpc.Authority} does not answer", result.Error);
        Assert.Empty(_folder.Names);
    }

    public void Dispose() => _folder.Dispose();

    private static GenerateRequest Wish() => new()
    {
        Prompt = "a green square on a white background",
        Seed = 11,
        Schedule = new Schedule { Steps = ManySteps },
        // It draws noise at each step: the noise stream has to go on where it was.
        Sampler = new Sampler { Name = "euler_a" },
    };

    private static async Task<byte[]> UndisturbedAsync(MeshCluster cluster)
    {
        using var call = new GenerationCall(cluster.Server, Wish());
        return await call.PictureAsync();
    }

    private static async Task<(ServiceProcess Busy, ServiceProcess Other)> WorkersAsync(MeshCluster cluster, GenerationCall call)
    {
        var begins = cluster.Unets.Select(w => w.Process.ErrorLineAsync(LogLines.Begins(call.JobId))).ToArray();
        var busy = Array.IndexOf(begins, await Task.WhenAny(begins));
        return (cluster.Unets[busy], cluster.Unets[1 - busy]);
    }

    private static async Task AssertWentOnAsync(ServiceProcess worker, GenerationCall call) =>
        Assert.DoesNotContain($"{LogLines.JobBegins} 0 of", await worker.Process.ErrorLineAsync(LogLines.Begins(call.JobId)));
}
