using System.Numerics.Tensors;
using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>A variational autoencoder: latents to pixels, and pixels to the latents' distribution.</summary>
public sealed class VaeModel : IDisposable
{
    private const string Latents = "latent_sample";
    private const string Pixels = "sample";
    private const string Parameters = "latent_parameters";

    private readonly OnnxPart _decoder;
    private readonly OnnxPart? _encoder;
    private readonly VaeFacts _facts;

    private VaeModel(ModelFacts model, OnnxPart decoder, OnnxPart? encoder)
    {
        (_facts, _decoder, _encoder) = (model.Vae!, decoder, encoder);
        decoder.Input(Latents);
        decoder.Output(Pixels);
        encoder?.Input(Pixels);
        encoder?.Output(Parameters);
    }

    /// <summary>True when pictures can be encoded.</summary>
    public bool HasEncoder => _encoder is not null;

    /// <summary>Loads the VAE of <paramref name="model"/>, its encoder where it has one.</summary>
    /// <exception cref="ModelFormatException">A graph is missing or broken.</exception>
    public static VaeModel Load(ModelFacts model, ExecutionOptions execution)
    {
        var decoder = OnnxPart.Load(model, "vae_decoder", execution);
        try
        {
            return new VaeModel(model, decoder, model.HasVaeEncoder ? OnnxPart.Load(model, "vae_encoder", execution) : null);
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Decodes one picture.</summary>
    /// <param name="latents">float32 [1, channels, height, width], as the sampler leaves them.</param>
    /// <returns>float32 [1, 3, height * scale, width * scale], -1 to 1 (a little beyond is possible).</returns>
    public TensorData Decode(TensorData latents)
    {
        var values = latents.ToFloats();
        TensorPrimitives.Divide(values, (float)_facts.ScalingFactor, values);
        if (_facts.ShiftFactor != 0)
            TensorPrimitives.Add(values, (float)_facts.ShiftFactor, values);
        using var input = _decoder.Allocate(Latents, values, Shape(latents));
        using var outputs = _decoder.Run(new Dictionary<string, OrtValue> { [Latents] = input }, [Pixels]);
        return outputs[0].Copy(_decoder.Output(Pixels));
    }

    /// <summary>Encodes pictures.</summary>
    /// <param name="pixels">float32 [n, 3, height, width], -1 to 1; sides are multiples of the scale.</param>
    /// <returns>Mean and logarithm of the variance, float32 [n, channels, height / scale, width / scale] each, not scaled.</returns>
    public (TensorData Mean, TensorData LogVariance) Encode(TensorData pixels)
    {
        var encoder = _encoder ?? throw new InvalidOperationException("The model has no VAE encoder.");
        using var input = encoder.Allocate(Pixels, pixels.ToFloats(), Shape(pixels));
        using var outputs = encoder.Run(new Dictionary<string, OrtValue> { [Pixels] = input }, [Parameters]);
        return Split(outputs[0].Copy(encoder.Output(Parameters)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _decoder.Dispose();
        _encoder?.Dispose();
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

    private static long[] Shape(TensorData tensor) => [.. tensor.Shape.Select(d => (long)d)];
}
