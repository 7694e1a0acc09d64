using System.Numerics.Tensors;
using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>A variational autoencoder in two ONNX files, with float32 or float16 inputs and outputs.</summary>
internal sealed class OnnxVae : VaeModel
{
    private const string Latents = "latent_sample";
    private const string Pixels = "sample";
    private const string Parameters = "latent_parameters";

    private readonly OnnxPart _decoder;
    private readonly OnnxPart? _encoder;
    private readonly VaeFacts _facts;

    private OnnxVae(VaeFacts facts, OnnxPart decoder, OnnxPart? encoder)
    {
        (_facts, _decoder, _encoder) = (facts, decoder, encoder);
        decoder.Input(Latents);
        decoder.Output(Pixels);
        encoder?.Input(Pixels);
        encoder?.Output(Parameters);
    }

    /// <inheritdoc/>
    public override bool HasEncoder => _encoder is not null;

    /// <exception cref="ModelFormatException">A graph is missing or broken.</exception>
    public static new OnnxVae Load(ModelFacts model, ExecutionOptions execution)
    {
        var decoder = OnnxPart.Load(model, "vae_decoder", execution);
        OnnxPart? encoder = null;
        try
        {
            encoder = model.HasVaeEncoder ? OnnxPart.Load(model, "vae_encoder", execution) : null;
            return new OnnxVae(model.Vae!, decoder, encoder);
        }
        catch
        {
            decoder.Dispose();
            encoder?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override TensorData Decode(TensorData latents)
    {
        var values = latents.ToFloats();
        TensorPrimitives.Divide(values, (float)_facts.ScalingFactor, values);
        if (_facts.ShiftFactor != 0)
            TensorPrimitives.Add(values, (float)_facts.ShiftFactor, values);
        return Run(_decoder, Latents, values, latents.Shape, Pixels);
    }

    /// <inheritdoc/>
    public override (TensorData Mean, TensorData LogVariance) Encode(TensorData pixels)
    {
        var encoder = _encoder ?? throw new InvalidOperationException("The model has no VAE encoder.");
        return Split(Run(encoder, Pixels, pixels.ToFloats(), pixels.Shape, Parameters));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _decoder.Dispose();
        _encoder?.Dispose();
    }

    private static TensorData Run(OnnxPart part, string input, float[] values, IReadOnlyList<int> shape, string output)
    {
        using var value = part.Allocate(input, values, [.. shape.Select(d => (long)d)]);
        using var outputs = part.Run(new Dictionary<string, OrtValue> { [input] = value }, [output]);
        var result = outputs[0].Copy(part.Output(output));
        return result.Type == ElementType.Float32 ? result : TensorData.From(result.ToFloats(), result.Shape);
    }

    // The first half of the channels is the mean, the second the log-variance, clamped as diffusers does.
    private static (TensorData, TensorData) Split(TensorData parameters)
    {
        int[] shape = [parameters.Shape[0], parameters.Shape[1] / 2, .. parameters.Shape.Skip(2)];
        var values = parameters.ToFloats();
        var half = values.Length / shape[0] / 2;
        var (mean, logVariance) = (new float[half * shape[0]], new float[half * shape[0]]);
        for (var n = 0; n < shape[0]; n++)
        {
            values.AsSpan(2 * n * half, half).CopyTo(mean.AsSpan(n * half));
            values.AsSpan((2 * n + 1) * half, half).CopyTo(logVariance.AsSpan(n * half));
        }

        TensorPrimitives.Min(logVariance, 20f, logVariance);
        TensorPrimitives.Max(logVariance, -30f, logVariance);
        return (TensorData.From(mean, shape), TensorData.From(logVariance, shape));
    }
}
