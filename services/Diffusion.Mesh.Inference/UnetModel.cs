using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>A UNet: noisy latents, timesteps and conditioning to a prediction.</summary>
public sealed class UnetModel : IDisposable
{
    private readonly OnnxPart _part;
    private readonly UnetPorts _ports;

    private UnetModel(OnnxPart part, UnetFacts facts)
    {
        _part = part;
        _ports = new UnetPorts(part, facts);
        SampleInput = part.Input(_ports.Sample);
        TimestepInput = part.Input(_ports.Timestep);
    }

    /// <summary>The latents' input: [rows, channels, height, width]; rows have the length 1 where the file takes one at a time.</summary>
    public PortFacts SampleInput { get; }

    /// <summary>The timestep input: [rows] or a single value, float or integer, as the exporter left it.</summary>
    public PortFacts TimestepInput { get; }

    /// <summary>True when timesteps can only be whole numbers.</summary>
    public bool HasIntegerTimestep => TimestepInput.Type is ElementType.Int64 or ElementType.Int32;

    /// <summary>True when a pass can only have one row.</summary>
    public bool TakesSingleRows => SampleInput.Dimensions[0] == 1;

    /// <summary>
    /// Every input but latents and timestep, by name; none for an unconditional UNet. The text's is always <c>encoder_hidden_states</c>.
    /// </summary>
    public IReadOnlyDictionary<string, PortFacts> ConditioningInputs => _ports.Conditioning;

    /// <summary>Loads the UNet of <paramref name="model"/>.</summary>
    /// <exception cref="ModelFormatException">The graph is missing or broken, or is none of a UNet.</exception>
    public static UnetModel Load(ModelFacts model, ExecutionOptions execution)
    {
        var part = OnnxPart.Load(model, "unet", execution);
        try
        {
            return new UnetModel(part, model.Unet);
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>One forward pass.</summary>
    /// <param name="batch">The rows; all of one shape, and of one timestep where the file takes a single value.</param>
    /// <param name="prediction">Takes the prediction, [rows, channels, height, width].</param>
    public void Run(UnetBatch batch, Span<float> prediction)
    {
        var inputs = new Dictionary<string, OrtValue>();
        try
        {
            inputs[_ports.Sample] = _part.Allocate(_ports.Sample, batch.Latents.Span, [batch.Rows, .. batch.LatentShape.Select(d => (long)d)]);
            inputs[_ports.Timestep] = TimestepValue(batch);
            foreach (var (name, fileName) in _ports.FileNames)
                inputs[fileName] = Stack(name, fileName, batch.Conditioning);
            using var outputs = _part.Run(inputs, [_ports.Output]);
            Elements.Read(outputs[0].GetTensorMutableRawData(), _part.Output(_ports.Output).Type, prediction);
        }
        finally
        {
            foreach (var value in inputs.Values)
                value.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _part.Dispose();

    private OrtValue TimestepValue(UnetBatch batch)
    {
        var isShared = TimestepInput.Rank == 0 || TimestepInput.Dimensions[0] == 1;
        // A file with a single value takes one timestep for all rows; the caller packs equal ones only.
        float[] values = isShared ? [batch.Timesteps.Distinct().Single()] : [.. batch.Timesteps];
        return _part.Allocate(_ports.Timestep, values, TimestepInput.Rank == 0 ? [] : [values.Length]);
    }

    private OrtValue Stack(string name, string fileName, IReadOnlyList<IReadOnlyDictionary<string, TensorData>> rows)
    {
        var value = _part.Allocate(fileName, [rows.Count, .. rows[0][name].Shape.Skip(1).Select(d => (long)d)]);
        var destination = value.GetTensorMutableRawData();
        foreach (var row in rows)
        {
            var tensor = row[name];
            tensor.Data.Span.CopyTo(destination);
            destination = destination[tensor.Data.Length..];
        }

        return value;
    }
}
