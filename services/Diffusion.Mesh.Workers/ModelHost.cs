using System.Collections.Concurrent;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Workers;

/// <summary>Loads and warms a worker's part of each model, then says that the worker is ready.</summary>
/// <typeparam name="TPart">The loaded part.</typeparam>
/// <param name="load">Loads the part of a model, or gives null where the model has none.</param>
/// <param name="warm">Runs it once: ONNX Runtime allocates and picks kernels at the first run.</param>
public sealed partial class ModelHost<TPart>(
    ModelRepository models,
    ServiceOptions options,
    Readiness readiness,
    IHostApplicationLifetime lifetime,
    ModelMetrics metrics,
    ILogger<ModelHost<TPart>> logger,
    Func<ModelFacts, ExecutionOptions, TPart?> load,
    Action<ModelFacts, TPart> warm) : BackgroundService
    where TPart : class, IDisposable
{
    private readonly ConcurrentDictionary<string, TPart> _parts = new(StringComparer.Ordinal);

    /// <summary>The models whose part is loaded, by name.</summary>
    public IEnumerable<ModelFacts> Loaded => models.Models.Where(m => _parts.ContainsKey(m.Name));

    /// <summary>The model of this name, and its part.</summary>
    /// <param name="revision">The revision that the caller expects; empty: any.</param>
    /// <exception cref="ServiceException">The model is not here or not loaded yet, is of another revision, or has no such part.</exception>
    public (ModelFacts Facts, TPart Part) Get(string name, string revision)
    {
        if (!readiness.IsReady)
        {
            throw new ServiceException(
                ServiceError.Unavailable, readiness.IsDraining ? "This worker is draining." : "This worker is still loading its models.");
        }

        var facts = models.Find(name) ?? throw new ServiceException(
            ServiceError.NotFound, $"There is no model '{name}' here; there is {string.Join(", ", models.Models.Select(m => m.Name))}.");
        if (revision.Length > 0 && revision != facts.Revision)
        {
            throw new ServiceException(
                ServiceError.Mismatch, $"Model '{name}' has revision {facts.Revision} here, and {revision} was asked for.");
        }

        return _parts.TryGetValue(name, out var part)
            ? (facts, part)
            : throw new ServiceException(ServiceError.Unsupported, $"Model '{name}' has no part for this.");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        foreach (var part in _parts.Values)
            part.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => LoadAll(stoppingToken), stoppingToken);

    private void LoadAll(CancellationToken stop)
    {
        try
        {
            var execution = new ExecutionOptions { Provider = options.Provider, Threads = options.Threads };
            foreach (var model in models.Models)
            {
                stop.ThrowIfCancellationRequested();
                if (metrics.Load(model, () => LoadAndWarm(model, execution)) is not null)
                    LogLoaded(model.Name, model.Revision);
            }

            readiness.SetReady();
        }
        catch (Exception e)
        {
            readiness.SetFailed(e);
            if (stop.IsCancellationRequested)
                return;
            LogFailed(e.Message);
            Environment.ExitCode = 3;
            // Not before the start is over: to be stopped in the middle of it the host reports as an error of its own.
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
        }
    }

    private TPart? LoadAndWarm(ModelFacts model, ExecutionOptions execution)
    {
        if (load(model, execution) is not { } part)
            return null;
        _parts[model.Name] = part;
        warm(model, part);
        return part;
    }

    [LoggerMessage(100, LogLevel.Information, "Model {Model} revision {Revision} is loaded and warm")]
    private partial void LogLoaded(string model, string revision);

    [LoggerMessage(101, LogLevel.Critical, "The worker cannot start. {Problem}")]
    private partial void LogFailed(string problem);
}
