using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Grpc.Core;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>The edge: texts and pictures in, embeddings out.</summary>
internal sealed class TextEncoderService(
    ModelHost<EncoderParts> models, TextBatcher batcher, ExecutionGate gate, Admission admission, ServiceTelemetry telemetry)
    : V1.TextEncoder.TextEncoderBase
{
    private const int MaxTexts = 64;
    private const int MaxTextLength = 10_000;
    private const string HiddenStates = "encoder_hidden_states";

    /// <inheritdoc/>
    public override async Task<EncodeTextResponse> EncodeText(EncodeTextRequest request, ServerCallContext context)
    {
        Check(request);
        var (_, parts) = models.Get(request.Model, request.ModelRevision);
        using var place = admission.Enter();
        Tokenization.Tokenization[] tokens;
        using (var span = telemetry.Start(TelemetryNames.TokenizeSpan))
        {
            tokens = [.. request.Texts.Select(parts.Tokenizer.Encode)];
            span?.SetTag(TelemetryNames.Texts, tokens.Length).SetTag(TelemetryNames.InputTokens, tokens.Sum(t => t.TokenCount));
        }

        var embeddings = await Task.WhenAll(tokens.Select(t => batcher.EncodeAsync(parts.Text, t.Ids, context.CancellationToken)));
        var response = new EncodeTextResponse();
        response.Texts.AddRange(tokens.Zip(embeddings, Encoded));
        return response;
    }

    /// <inheritdoc/>
    public override async Task<EncodeImageResponse> EncodeImage(EncodeImageRequest request, ServerCallContext context)
    {
        var (facts, parts) = models.Get(request.Model, request.ModelRevision);
        if (parts is not { Image: { } encoder, Extractor: { } extractor })
            throw new ServiceException(ServiceError.Unsupported, $"Model '{facts.Name}' has no image encoder.");
        using var place = admission.Enter();
        return await gate.RunAsync(() => Encode(encoder, extractor, request), context.CancellationToken);
    }

    private static EncodeImageResponse Encode(ImageEncoderModel encoder, FeatureExtractor extractor, EncodeImageRequest request)
    {
        var picture = Read(request);
        var embedding = encoder.Encode(TensorData.From(extractor.Apply(picture), [1, 3, extractor.Crop, extractor.Crop]));
        var response = new EncodeImageResponse { Embedding = Float32(embedding) };
        if (encoder.HasProjection)
        {
            response.Conditioning = new Conditioning { Tensors = { encoder.Project(embedding).ToMessage(HiddenStates) } };
            response.Unconditional = new Conditioning { Tensors = { encoder.ProjectZero(embedding).ToMessage(HiddenStates) } };
        }

        return response;
    }

    // Embeddings are compared with each other, whatever type their encoders have.
    private static Tensor Float32(TensorData embedding) => TensorMessages.ToMessage(embedding.ToFloats(), embedding.Shape);

    private static Picture Read(EncodeImageRequest request)
    {
        try
        {
            return PictureFile.Read(request.Image.Span, new PictureLimits());
        }
        catch (PictureException e)
        {
            throw RichErrors.BadRequest([new("image", e.Message)]);
        }
    }

    private static EncodedText Encoded(Tokenization.Tokenization tokens, TextEmbedding embedding) => new()
    {
        Conditioning = new Conditioning { Tensors = { embedding.Hidden.ToMessage(HiddenStates) } },
        Pooled = embedding.Pooled is { } pooled ? Float32(pooled) : null,
        TokenCount = (uint)tokens.TokenCount,
        Truncated = tokens.Truncated,
    };

    private static void Check(EncodeTextRequest request)
    {
        var problems = new List<FieldProblem>();
        if (request.Texts.Count is 0 or > MaxTexts)
            problems.Add(new("texts", $"There must be 1 to {MaxTexts} texts, and there are {request.Texts.Count}."));
        if (request.Texts.Any(t => t.Length > MaxTextLength))
            problems.Add(new("texts", $"A text must have at most {MaxTextLength} characters."));
        if (problems.Count > 0)
            throw RichErrors.BadRequest(problems);
    }
}
