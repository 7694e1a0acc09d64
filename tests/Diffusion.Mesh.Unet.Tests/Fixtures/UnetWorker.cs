using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>The UNet service over the models of one folder, without a network in between.</summary>
internal sealed class UnetWorker : IDisposable
{
    private readonly ServiceOptions _options;
    private readonly ModelRepository _repository;
    private readonly ModelHost<UnetModel> _models;
    private readonly ServiceTelemetry _telemetry = new("Diffusion.Mesh.Unet.Tests");
    private readonly TestMeters _meters = new();
    private readonly ServiceMeter _meter;

    private UnetWorker(string models, Readiness readiness, Func<UnetModel, UnetModel> wrap)
    {
        _meter = new ServiceMeter(_meters, "test");
        // One thread: the models are tiny, and the tests run side by side.
        _options = new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Models = models, Threads = 1, Name = "unet-1" };
        _repository = ModelRepository.Open(models, []);
        _models = new ModelHost<UnetModel>(
            _repository, _options, readiness, new NoLifetime(), new ModelMetrics(_meter, _options, new WorkerPart("unet"), TimeProvider.System), NullLogger<ModelHost<UnetModel>>.Instance,
            (model, execution) => wrap(UnetModel.Load(model, execution)), StepEngine.Warm);
        Parser = new DenoiseJobParser(_models, _options);
    }

    public DenoiseJobParser Parser { get; }

    /// <summary>Loads and warms every model below <paramref name="models"/>.</summary>
    /// <param name="wrap">Puts another UNet over the file's.</param>
    public static async Task<UnetWorker> StartAsync(string models, Func<UnetModel, UnetModel>? wrap = null)
    {
        var readiness = new Readiness();
        var worker = new UnetWorker(models, readiness, wrap ?? (unet => unet));
        await worker._models.StartAsync(CancellationToken.None);
        await readiness.WhenReady;
        return worker;
    }

    public ModelFacts Model(string name) => _repository.Find(name)!;

    /// <summary>Sends a job and follows it to its end.</summary>
    public Task<DenoiseReport> DenoiseAsync(DenoiseJob job) =>
        DenoiseAsync(job, new Readiness(), TimeProvider.System, new Responses<DenoiseResponse>());

    /// <summary>The same with a stop signal after <paramref name="evaluations"/>.</summary>
    public Task<DenoiseReport> DenoiseUntilDrainedAsync(DenoiseJob job, int evaluations)
    {
        var readiness = new Readiness();
        return DenoiseAsync(job, readiness, new DrainingTime(readiness, evaluations), new Responses<DenoiseResponse>());
    }

    /// <summary>The same for a job with previews, of which each is sent before the run goes on.</summary>
    public Task<DenoiseReport> DenoiseWatchedAsync(DenoiseJob job)
    {
        var responses = new Responses<DenoiseResponse>();
        return DenoiseAsync(job, new Readiness(), new WatchedTime(responses, job.PreviewEvery), responses);
    }

    public void Dispose()
    {
        _models.Dispose();
        _telemetry.Dispose();
        _meters.Dispose();
    }

    private async Task<DenoiseReport> DenoiseAsync(DenoiseJob job, Readiness readiness, TimeProvider time, Responses<DenoiseResponse> responses)
    {
        using var engine = new StepEngine(_telemetry, new PassMetrics(_meter), readiness, _options, time, NullLogger<StepEngine>.Instance);
        var service = new DenoiseService(Parser, engine, new RunningJobs(), new Admission(_options), _options, TimeProvider.System);
        await service.Denoise(new Requests<DenoiseRequest>(new DenoiseRequest { Job = job }), responses, new QuietCall());
        return new DenoiseReport(responses.Messages);
    }

    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
