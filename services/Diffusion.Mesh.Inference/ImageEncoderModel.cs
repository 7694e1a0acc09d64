using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>A CLIP vision tower, with the projection to context tokens for the UNet where the model has one.</summary>
public sealed class ImageEncoderModel : IDisposable
{
    private const string Pixels = "pixel_values";
    private const string Embeds = "image_embeds";

    private readonly OnnxPart _encoder;
    private readonly OnnxPart? _projection;

    private ImageEncoderModel(OnnxPart encoder, OnnxPart? projection)
    {
        (_encoder, _projection) = (encoder, projection);
        encoder.Input(Pixels);
        encoder.Output(Embeds);
        projection?.Input(Embeds);
    }

    /// <summary>True when embeddings can be projected.</summary>
    public bool HasProjection => _projection is not null;

    /// <summary>Loads the image encoder of <paramref name="model"/>.</summary>
    /// <exception cref="ModelFormatException">A graph is missing or broken.</exception>
    public static ImageEncoderModel Load(ModelFacts model, ExecutionOptions execution)
    {
        var encoder = OnnxPart.Load(model, "image_encoder", execution);
        try
        {
            return new ImageEncoderModel(encoder, model.HasImageProjection ? OnnxPart.Load(model, "image_projection", execution) : null);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Encodes one picture.</summary>
    /// <param name="pixels">float32 [1, 3, side, side], normalised as the model's feature extractor says.</param>
    /// <returns>The embedding, [1, width], not normalised.</returns>
    public TensorData Encode(TensorData pixels) => Run(_encoder, Pixels, Embeds, pixels);

    /// <summary>Projects an embedding to the UNet's context, [1, tokens, width].</summary>
    public TensorData Project(TensorData embedding)
    {
        var projection = _projection ?? throw new InvalidOperationException("The model has no image projection.");
        return Run(projection, Embeds, projection.Outputs.Keys.First(), embedding);
    }

    /// <summary>The unguided side of a projection: that of a zero embedding.</summary>
    public TensorData ProjectZero(TensorData embedding) => Project(TensorData.From(new float[embedding.Count], embedding.Shape));

    /// <inheritdoc/>
    public void Dispose()
    {
        _encoder.Dispose();
        _projection?.Dispose();
    }

    private static TensorData Run(OnnxPart part, string input, string output, TensorData tensor)
    {
        using var value = part.Allocate(input, tensor.ToFloats(), [.. tensor.Shape.Select(d => (long)d)]);
        using var outputs = part.Run(new Dictionary<string, OrtValue> { [input] = value }, [output]);
        return outputs[0].Copy(part.Output(output));
    }
}
