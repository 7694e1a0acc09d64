using System.Security.Cryptography;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>An engine over a worker's models, and jobs in it.</summary>
internal sealed class EngineWorker : IDisposable
{
    private readonly UnetWorker _worker;
    private readonly TestMeters _unheard = new(isListening: false);
    private readonly ServiceTelemetry _telemetry = new("Diffusion.Mesh.Unet.Engine.Tests");

    public EngineWorker(UnetWorker worker, Func<ServiceOptions, ServiceOptions>? change = null, Readiness? readiness = null, TestMeters? meters = null)
    {
        _worker = worker;
        var options = new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Name = "unet-1" };
        Engine = new StepEngine(
            _telemetry, new PassMetrics(new ServiceMeter(meters ?? _unheard, "test")), readiness ?? new Readiness(), change?.Invoke(options) ?? options, TimeProvider.System, NullLogger<StepEngine>.Instance);
    }

    public StepEngine Engine { get; }

    /// <summary>Puts a job in.</summary>
    public RunningJob Enter(DenoiseJob job, CancellationToken cancellation = default)
    {
        var parsed = _worker.Parser.Parse(job);
        var outbox = new DenoiseOutbox(new DenoiseAccepted(), copy => StateMessages.Write(parsed, copy, "cpu"));
        var responses = new Responses<DenoiseResponse>();
        var generation = Engine.Enter(parsed, outbox, cancellation);
        return new RunningJob(generation, responses, outbox.SendAsync(responses, CancellationToken.None));
    }

    /// <summary>The hash of a job's latents, run by itself.</summary>
    public async Task<string> HashAsync(DenoiseJob job) => Hash((await Enter(job).EndAsync()).Denoised);

    public static string Hash(Denoised denoised) => Convert.ToHexString(SHA256.HashData(denoised.Latents.Data.Span));

    public void Dispose()
    {
        Engine.Dispose();
        _telemetry.Dispose();
        _unheard.Dispose();
    }
}

/// <summary>A job in an engine.</summary>
internal sealed class RunningJob(Generation generation, Responses<DenoiseResponse> responses, Task sent)
{
    public Generation Generation => generation;

    public IEnumerable<Evaluation> Evaluations => responses.Messages.SelectMany(message => message.Progress?.Evaluations ?? []);

    /// <summary>Its last message.</summary>
    public async Task<DenoiseResponse> EndAsync()
    {
        await sent.WaitAsync(TimeSpan.FromMinutes(2));
        return responses.Messages[^1];
    }
}
