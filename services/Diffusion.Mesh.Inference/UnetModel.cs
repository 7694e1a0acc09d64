using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>A UNet: noisy latents, timesteps and conditioning to a prediction.</summary>
public sealed class UnetModel : IDisposable
{
    private const string Sample = "sample";
    private const string Timestep = "timestep";

    private readonly OnnxPart _part;
    private readonly string _output;

    private UnetModel(OnnxPart part)
    {
        _part = part;
        part.Input(Sample);
        _output = part.Outputs.ContainsKey("out_sample") ? "out_sample" : part.Outputs.Keys.FirstOrDefault() ?? "out_sample";
        part.Output(_output);
        TimestepInput = part.Input(Timestep);
        ConditioningInputs = part.Inputs.Where(i => i.Key is not (Sample or Timestep)).ToDictionary();
    }

    /// <summary>The timestep input: [rows] or a single value, float or integer, as the exporter left it.</summary>
    public PortFacts TimestepInput { get; }

    /// <summary>True when timesteps can only be whole numbers.</summary>
    public bool HasIntegerTimestep => TimestepInput.Type is ElementType.Int64 or ElementType.Int32;

    /// <summary>Every input but latents and timestep, by name.</summary>
    public IReadOnlyDictionary<string, PortFacts> ConditioningInputs { get; }

    /// <summary>Loads the UNet of <paramref name="model"/>.</summary>
    /// <exception cref="ModelFormatException">The graph is missing or broken.</exception>
    public static UnetModel Load(ModelFacts model, ExecutionOptions execution) => new(OnnxPart.Load(model, "unet", execution));

    /// <summary>One forward pass.</summary>
    /// <param name="batch">The rows; all of one shape, and of one timestep where the file takes a single value.</param>
    /// <param name="prediction">Takes the prediction, [rows, channels, height, width].</param>
    public void Run(UnetBatch batch, Span<float> prediction)
    {
        var inputs = new Dictionary<string, OrtValue>();
        try
        {
            inputs[Sample] = _part.Allocate(Sample, batch.Latents.Span, [batch.Rows, .. batch.LatentShape.Select(d => (long)d)]);
            inputs[Timestep] = TimestepValue(batch);
            foreach (var name in ConditioningInputs.Keys)
                inputs[name] = Stack(name, batch.Conditioning.Select(row => row[name]).ToArray());
            using var outputs = _part.Run(inputs, [_output]);
            Elements.Read(outputs[0].GetTensorMutableRawData(), _part.Output(_output).Type, prediction);
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
        return _part.Allocate(Timestep, values, TimestepInput.Rank == 0 ? [] : [values.Length]);
    }

    private OrtValue Stack(string name, TensorData[] rows)
    {
        var value = _part.Allocate(name, [rows.Length, .. rows[0].Shape.Skip(1).Select(d => (long)d)]);
        var destination = value.GetTensorMutableRawData();
        foreach (var row in rows)
        {
            row.Data.Span.CopyTo(destination);
            destination = destination[row.Data.Length..];
        }

        return value;
    }
}
