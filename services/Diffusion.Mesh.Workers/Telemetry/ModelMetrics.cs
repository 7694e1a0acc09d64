using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Workers;

/// <summary>
/// How long models take to load and warm, and what their sessions hold: what the process has grown by, on a CPU that is this worker's alone; elsewhere the size of
/// the part's files, since ONNX Runtime does not tell what it allocates on a device.
/// </summary>
public sealed class ModelMetrics
{
    private readonly ConcurrentDictionary<string, long> _memory = new(StringComparer.Ordinal);
    private readonly Histogram<double> _duration;
    private readonly ServiceOptions _options;
    private readonly WorkerPart _part;
    private readonly TimeProvider _time;

    /// <param name="part">What of each model is loaded.</param>
    public ModelMetrics(ServiceMeter meter, ServiceOptions options, WorkerPart part, TimeProvider time)
    {
        (_options, _part, _time) = (options, part, time);
        _duration = meter.Seconds(TelemetryNames.Metrics.ModelLoadDuration, "How long models took to load and warm.");
        meter.Meter.CreateObservableGauge(TelemetryNames.Metrics.ModelMemory, Tell, "By", "Memory of the models' sessions.");
    }

    /// <summary>Loads a model's part.</summary>
    /// <param name="load">Loads and warms it; null where the model has none.</param>
    public T? Load<T>(ModelFacts model, Func<T?> load)
        where T : class
    {
        var (started, before) = (_time.GetTimestamp(), Environment.WorkingSet);
        if (load() is not { } part)
            return null;
        _duration.Record(_time.GetElapsedTime(started).TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Model, model.Name));
        var isMeasured = _options is { Provider: "cpu", OwnsProcess: true };
        _memory[model.Name] = isMeasured ? Math.Max(0, Environment.WorkingSet - before) : _part.Bytes(model);
        return part;
    }

    private IEnumerable<Measurement<long>> Tell() => _memory.Select(model => new Measurement<long>(
        model.Value, new(TelemetryNames.Model, model.Key), new KeyValuePair<string, object?>(TelemetryNames.Device, _options.Provider)));
}
