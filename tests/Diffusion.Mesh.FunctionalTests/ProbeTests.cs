using Diffusion.Mesh.Testing;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A worker's start as the probes of its pod see it; its end is in <see cref="FaultTests"/>.</summary>
public sealed class ProbeTests : IDisposable
{
    // The first is loaded long before the last.
    private const int Models = 6;

    private readonly TemporaryFolder _models = new();

    [Fact]
    public async Task StartUp_ModelsAreLoading_IsNotReadyButLiveUntilAllAreWarm()
    {
        for (var i = 0; i < Models; i++)
            Directory.CreateSymbolicLink(_models.File($"m{i}"), Path.Combine(TestFolders.Repository, "models", "shapes"));
        var (grpc, health) = ($"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}");
        await using var process = DotNet.Start(Executables.Of(Roles.Unet), ["--grpc", grpc, "--health", health, "--models", _models.Path]);
        using var probe = new HealthProbe(new Uri($"http://{health}"));

        await process.ErrorLineAsync("Model m0 revision");
        var loading = (await probe.CheckAsync("readiness"), await probe.CheckAsync("liveness"));
        var warm = process.ErrorLineAsync($"Model m{Models - 1} revision");
        await foreach (var state in probe.WatchAsync("readiness"))
        {
            if (state == ServingStatus.Serving)
                break;
        }

        Assert.Equal((ServingStatus.NotServing, ServingStatus.Serving), loading);
        await warm;
    }

    public void Dispose() => _models.Dispose();
}
