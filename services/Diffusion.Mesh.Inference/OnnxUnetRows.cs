using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>Rows in memory that is bound to an ONNX file's inputs and outputs, once for each number of rows.</summary>
internal sealed class OnnxUnetRows : UnetRows
{
    private readonly OnnxPart _part;
    private readonly BoundTensor _sample;
    private readonly BoundTensor _timestep;
    private readonly BoundTensor _output;
    private readonly Dictionary<string, BoundTensor> _conditioning;
    private readonly Dictionary<int, Binding> _bindings = [];

    public OnnxUnetRows(OnnxPart part, UnetPorts ports, UnetFacts facts, bool hasSingleTimestep, UnetShape shape, int rows)
    {
        _part = part;
        _sample = new BoundTensor(ports.Sample, part.Input(ports.Sample), [facts.InChannels, shape.Height, shape.Width], rows);
        var timestep = part.Input(ports.Timestep);
        _timestep = hasSingleTimestep
            ? new BoundTensor(ports.Timestep, timestep, timestep.Rank == 0 ? [] : [1], rows: 0)
            : new BoundTensor(ports.Timestep, timestep, [], rows);
        _output = new BoundTensor(ports.Output, part.Output(ports.Output), [facts.OutChannels, shape.Height, shape.Width], rows);
        _conditioning = ports.FileNames.ToDictionary(
            name => name.Key, name => new BoundTensor(name.Value, part.Input(name.Value), shape.Conditioning[name.Key].Skip(1), rows));
    }

    /// <inheritdoc/>
    public override void SetLatents(int row, ReadOnlySpan<float> latents, ReadOnlySpan<float> extra)
    {
        _sample.Write(row, latents);
        _sample.Write(row, extra, _sample.Bytes(latents.Length));
    }

    /// <inheritdoc/>
    public override void SetTimestep(int row, float timestep) => _timestep.Write(row, [timestep]);

    /// <inheritdoc/>
    public override void SetConditioning(int row, IReadOnlyDictionary<string, TensorData> conditioning)
    {
        foreach (var (name, tensor) in _conditioning)
            conditioning[name].Data.Span.CopyTo(tensor.Row(row));
    }

    /// <inheritdoc/>
    public override void Run(int rows)
    {
        if (!_bindings.TryGetValue(rows, out var binding))
            _bindings[rows] = binding = new Binding(_part, [_sample, _timestep, .. _conditioning.Values], _output, rows);
        _part.Run(binding.Io);
    }

    /// <inheritdoc/>
    public override void GetPrediction(int row, Span<float> prediction) => _output.Read(row, prediction);

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var binding in _bindings.Values)
            binding.Dispose();
        _bindings.Clear();
    }

    private sealed class Binding : IDisposable
    {
        private readonly List<OrtValue> _values = [];

        public Binding(OnnxPart part, IEnumerable<BoundTensor> inputs, BoundTensor output, int rows)
        {
            Io = part.Bind();
            foreach (var input in inputs)
                Io.BindInput(input.Name, Keep(input.Rows(rows)));
            Io.BindOutput(output.Name, Keep(output.Rows(rows)));
        }

        public OrtIoBinding Io { get; }

        public void Dispose()
        {
            Io.Dispose();
            _values.ForEach(value => value.Dispose());
        }

        private OrtValue Keep(OrtValue value)
        {
            _values.Add(value);
            return value;
        }
    }
}
