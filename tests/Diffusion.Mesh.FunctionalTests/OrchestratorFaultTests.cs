using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>What happens to generations when one of two orchestrators, or their Redis, dies or stops.</summary>
public sealed class OrchestratorFaultTests : IAsyncLifetime, IDisposable
{
    // Long enough that a job is still running when the test acts on what it was told of it.
    private const int ManySteps = 300;

    private readonly TemporaryFolder _folder = new();
    private readonly RedisServer _redis = RedisServer.Durable();
    private MeshCluster _cluster = null!;
    private byte[] _expected = null!;

    public async Task InitializeAsync()
    {
        await _redis.InitializeAsync();
        _cluster = await MeshCluster.StartAsync(_redis.Address, orchestrators: 2);
        using var call = new GenerationCall(_cluster.Server, Wish());
        _expected = await call.PictureAsync();
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _redis.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Generate_BusyOrchestratorIsKilled_OtherOneEndsItWithTheSameBytes()
    {
        using var call = new GenerationCall(_cluster.Server, Wish());
        await call.StepAsync(20);
        var (busy, other) = await OrchestratorsAsync(call);

        await busy.Process.KillAsync();

        using var again = GenerationCall.Watch(other.Grpc.OriginalString, call);
        Assert.Equal(_expected, await again.PictureAsync());
        Assert.DoesNotContain("from evaluation 0 on", await other.Process.ErrorLineAsync(LogLines.Taken(call.JobId)));
    }

    [Fact]
    public async Task Generate_BusyOrchestratorIsStopped_HandsItOverAtOnce()
    {
        using var call = new GenerationCall(_cluster.Server, Wish());
        await call.StepAsync(20);
        var (busy, other) = await OrchestratorsAsync(call);

        busy.Process.Terminate();

        using var again = GenerationCall.Watch(other.Grpc.OriginalString, call);
        Assert.Equal(_expected, await again.PictureAsync());
        Assert.Equal(0, await busy.Process.Exit);
        Assert.Contains(LogLines.HandedOver(call.JobId), busy.Process.Error);
        Assert.DoesNotContain("from evaluation 0 on", await other.Process.ErrorLineAsync(LogLines.Taken(call.JobId)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Generate_ByMeshAndItsServerGoes_EndsOnTheOther(bool killed)
    {
        var file = _folder.File("a.png");
        var servers = string.Join(',', _cluster.Orchestrators.Select(o => o.Grpc.Authority));
        var wish = Wish();
        await using var mesh = DotNet.Start(
            Executables.Mesh,
            ["generate", wish.Prompt, "-o", file, "--steps", $"{ManySteps}", "--seed", $"{wish.Seed}", "--sampler", wish.Sampler.Name, "--no-metadata", "--server", servers]);
        await Task.WhenAny(_cluster.Orchestrators.Select(o => o.Process.ErrorLineAsync("from evaluation 0 on")));

        if (killed)
            await _cluster.Orchestrator.Process.KillAsync();
        else
            _cluster.Orchestrator.Process.Terminate();

        Assert.True(await mesh.Exit == 0, mesh.Error);
        Assert.Equal(_expected, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task WatchAndCancel_OnTheOtherOrchestrator_SeeAndEndTheJob()
    {
        using var call = new GenerationCall(_cluster.Server, Wish());
        await call.StepAsync(20);
        var (_, other) = await OrchestratorsAsync(call);
        using var watched = GenerationCall.Watch(other.Grpc.OriginalString, call);
        await watched.StepAsync(call.Completed + 20);

        using var channel = GrpcChannel.ForAddress(other.Grpc);
        await new Generation.GenerationClient(channel).CancelAsync(new CancelRequest { JobId = call.JobId });

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(watched.PictureAsync)).StatusCode);
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(call.PictureAsync)).StatusCode);
    }

    [Fact]
    public async Task Generate_RedisIsKilledAndComesBack_GoesOnWhileNewWorkIsRefused()
    {
        using var call = new GenerationCall(_cluster.Server, Wish());
        await call.StepAsync(20);

        await _redis.StopAsync();
        var refused = await Mesh.RunAsync("generate", "a red circle", "-o", _folder.File("b.png"), "--server", _cluster.Server);
        await _redis.StartAgainAsync();

        Assert.Equal(_expected, await call.PictureAsync());
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("store of jobs", refused.Error);
        var after = new GenerationCall(_cluster.Server, Wish());
        Assert.Equal(_expected, await after.PictureAsync());
    }

    private static GenerateRequest Wish() => new()
    {
        Prompt = "a green square on a white background",
        Seed = 11,
        Schedule = new Schedule { Steps = ManySteps },
        // It draws noise at each step: the noise stream has to go on where it was.
        Sampler = new Sampler { Name = "euler_a" },
        OmitMetadata = true,
    };

    private async Task<(ServiceProcess Busy, ServiceProcess Other)> OrchestratorsAsync(GenerationCall call)
    {
        var taken = _cluster.Orchestrators.Select(o => o.Process.ErrorLineAsync(LogLines.Taken(call.JobId))).ToArray();
        var busy = Array.IndexOf(taken, await Task.WhenAny(taken));
        return (_cluster.Orchestrators[busy], _cluster.Orchestrators[1 - busy]);
    }
}
