using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>Runs CLIP's image encoder and the projection to the UNet's context.</summary>
internal sealed class PictureEncoder(TextBatcher batcher, ExecutionGate gate)
{
    /// <exception cref="ServiceException">The model lacks what the request needs.</exception>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public async Task<EncodeImageResponse> EncodeAsync(
        EncodeImageRequest request, ModelFacts facts, EncoderParts parts, CancellationToken cancellation)
    {
        if (parts is not { Image: { } encoder, Extractor: { } extractor })
            throw new ServiceException(ServiceError.Unsupported, $"Model '{facts.Name}' has no image encoder.");
        var valid = EncodeImageParser.Parse(request);
        var text = valid.Mix is { } mix ? await EncodeTextAsync(mix, facts, parts, cancellation) : null;
        var pixels = TensorData.From(extractor.Apply(valid.Picture), [1, 3, extractor.Crop, extractor.Crop]);
        return await gate.RunAsync(() => Respond(encoder, pixels, text, valid.Mix?.Share ?? 0, facts), cancellation);
    }

    private async Task<TensorData> EncodeTextAsync(ValidMix mix, ModelFacts facts, EncoderParts parts, CancellationToken cancellation)
    {
        if (parts is not { Image.HasProjection: true, Pooling: { } tower })
        {
            throw new ServiceException(
                ServiceError.Unsupported, $"Model '{facts.Name}' has no image projection or no projected text embedding, and mixing text in needs both.");
        }

        var ids = tower.Tokenizer.Encode(mix.Text).Ids;
        return (await batcher.EncodeAsync(tower.Model, ids, null, cancellation)).Pooled!;
    }

    private static EncodeImageResponse Respond(ImageEncoderModel encoder, TensorData pixels, TensorData? text, double share, ModelFacts facts)
    {
        var embedding = encoder.Encode(pixels);
        var response = new EncodeImageResponse { Embedding = TensorMessages.ToMessage(embedding.ToFloats(), embedding.Shape) };
        if (!encoder.HasProjection)
            return response;
        if (text is not null && text.Count != embedding.Count)
        {
            throw new ServiceException(
                ServiceError.Unsupported, $"Model '{facts.Name}' embeds texts to {text.Count} numbers and pictures to {embedding.Count}: they do not mix.");
        }

        var mixed = text is null ? embedding : SphericalMix.Mix(embedding, text, share);
        response.Conditioning = new Conditioning { Tensors = { encoder.Project(mixed).ToMessage(PromptEncoder.HiddenStates) } };
        response.Unconditional = new Conditioning { Tensors = { encoder.ProjectZero(embedding).ToMessage(PromptEncoder.HiddenStates) } };
        return response;
    }
}
