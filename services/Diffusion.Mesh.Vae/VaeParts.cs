using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Vae;

/// <summary>What a model has for painting pixels.</summary>
internal sealed class VaeParts : IDisposable
{
    private readonly ModelFacts _model;
    private volatile LatentProjection? _projection;

    private VaeParts(ModelFacts model, LatentProjection? projection, VaeModel vae) => (_model, _projection, Vae) = (model, projection, vae);

    public VaeModel Vae { get; }

    /// <summary>How quick looks are made; null until it is known.</summary>
    public LatentProjection? Projection => _projection;

    /// <exception cref="ModelFormatException">A part is missing or broken.</exception>
    public static VaeParts Load(ModelFacts model, ExecutionOptions execution) =>
        new(model, model.Vae is null ? null : LatentRgbFactors.Read(model), VaeModel.Load(model, execution));

    /// <summary>Decodes one small picture: buffers for the real size come with the first real one.</summary>
    public void Warm()
    {
        var side = _model.SizeMultiple / _model.Scale;
        Vae.Decode(TensorData.From(new float[_model.LatentChannels * side * side], [1, _model.LatentChannels, side, side]));
    }

    /// <summary>
    /// The projection, fitted at the first call, which decodes a few small pictures: a start should not wait for what may never be asked for.
    /// Call it where one forward pass runs at a time.
    /// </summary>
    public LatentProjection FitProjection() => _projection ??= LatentProjectionFit.Fit(_model, Vae);

    public void Dispose() => Vae.Dispose();
}
