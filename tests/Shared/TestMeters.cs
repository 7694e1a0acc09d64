using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Diffusion.Mesh.Testing;

/// <summary>A measurement as a listener got it.</summary>
internal sealed record Measured(Instrument Instrument, double Value, IReadOnlyDictionary<string, object?> Tags)
{
    public string Name => Instrument.Name;

    public object? Tag(string key) => Tags.GetValueOrDefault(key);
}

/// <summary>Makes meters for a test, and records what their instruments measure: of these meters alone, or of those that a host's factory makes.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<Measured> _measured = new();
    private readonly ConcurrentQueue<Instrument> _instruments = new();

    /// <param name="scope">The host's factory; null: this one.</param>
    /// <param name="isListening">Whether anything is recorded: a listener costs memory.</param>
    public TestMeters(IMeterFactory? scope = null, bool isListening = true)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, scope ?? this))
                return;
            _instruments.Enqueue(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        if (isListening)
            _listener.Start();
    }

    /// <summary>Every instrument that was made.</summary>
    public IReadOnlyList<Instrument> Instruments => [.. _instruments];

    /// <summary>What was measured so far under a name; gauges only where they were read.</summary>
    public IReadOnlyList<Measured> Of(string name) => [.. _measured.Where(m => m.Name == name)];

    /// <summary>The sum of what was measured under a name.</summary>
    public double Sum(string name) => Of(name).Sum(m => m.Value);

    /// <summary>Everything that was measured.</summary>
    public IReadOnlyList<Measured> All => [.. _measured];

    /// <summary>Reads the gauges now.</summary>
    public IReadOnlyList<Measured> Read(string name)
    {
        var before = _measured.Count;
        _listener.RecordObservableInstruments();
        return [.. _measured.Skip(before).Where(m => m.Name == name)];
    }

    public Meter Create(MeterOptions options) => new(options.Name, options.Version, options.Tags, scope: this);

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue(new Measured(instrument, value, new Dictionary<string, object?>(tags.ToArray())));
}
