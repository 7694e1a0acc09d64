using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>What the step engine takes for itself, beside the forward passes.</summary>
internal static class EngineOverhead
{
    private const int Pictures = 20;

    /// <summary>Percent of the forward passes' time.</summary>
    public static async Task<double> PercentAsync(string models, DenoiseJob job)
    {
        var options = new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Models = models };
        var readiness = new Readiness();
        using var lifetime = new ApplicationLifetimeScope();
        using var meters = new UnheardMeters();
        var meter = new ServiceMeter(meters.Factory, "benchmark");
        using var host = new ModelHost<UnetModel>(
            ModelRepository.Open(models, []), options, readiness, lifetime.Lifetime,
            new ModelMetrics(meter, options, new WorkerPart("unet"), TimeProvider.System), NullLogger<ModelHost<UnetModel>>.Instance, UnetModel.Load, StepEngine.Warm);
        await host.StartAsync(CancellationToken.None);
        await readiness.WhenReady;
        var parser = new DenoiseJobParser(host, options);
        using var telemetry = new ServiceTelemetry("Diffusion.Mesh.Benchmarks");
        using var engine = new StepEngine(telemetry, new PassMetrics(meter), readiness, options, TimeProvider.System, NullLogger<StepEngine>.Instance);
        for (var i = 0; i < 3; i++)
            await RunAsync(engine, parser, job);
        var (working, running, passes) = (engine.Times.Working, engine.Times.Running, engine.Times.Passes);
        for (var i = 0; i < Pictures; i++)
            await RunAsync(engine, parser, job);
        (working, running, passes) = (engine.Times.Working - working, engine.Times.Running - running, engine.Times.Passes - passes);
        Console.WriteLine(FormattableString.Invariant(
            $"engine: {(working - running).TotalMicroseconds / passes:0} us beside {running.TotalMicroseconds / passes:0} us a pass"));
        return 100 * (working - running) / running;
    }

    private static async Task RunAsync(StepEngine engine, DenoiseJobParser parser, DenoiseJob template)
    {
        var message = template.Clone();
        message.JobId = "benchmark";
        var job = parser.Parse(message);
        await engine.Enter(job, new DenoiseOutbox(new DenoiseAccepted(), copy => StateMessages.Write(job, copy, "cpu")), CancellationToken.None).Ended;
    }

    private sealed class ApplicationLifetimeScope : IDisposable
    {
        public ApplicationLifetime Lifetime { get; } = new(NullLogger<ApplicationLifetime>.Instance);

        public void Dispose() => Lifetime.StopApplication();
    }
}
