using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Grpc.Core;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>The edge: texts and pictures in, embeddings out.</summary>
internal sealed class TextEncoderService(
    ModelHost<EncoderParts> models, PromptEncoder prompts, PictureEncoder pictures, Admission admission, ServiceTelemetry telemetry)
    : V1.TextEncoder.TextEncoderBase
{
    /// <inheritdoc/>
    public override async Task<EncodeTextResponse> EncodeText(EncodeTextRequest request, ServerCallContext context)
    {
        var (facts, parts) = models.Get(request.Model, request.ModelRevision);
        if (parts.Towers.Count == 0)
            throw new ServiceException(ServiceError.Unsupported, $"Model '{facts.Name}' has no text encoder.");
        using var place = admission.Enter();
        IReadOnlyList<ValidText> texts;
        using (var span = telemetry.Start(TelemetryNames.TokenizeSpan))
        {
            texts = EncodeTextParser.Parse(request, parts);
            span?.SetTag(TelemetryNames.Texts, texts.Count).SetTag(TelemetryNames.InputTokens, texts.Sum(t => t.Towers[0].Tokens.TokenCount));
        }

        var response = new EncodeTextResponse();
        response.Texts.AddRange(await Task.WhenAll(texts.Select(t => prompts.EncodeAsync(t, parts, context.CancellationToken))));
        return response;
    }

    /// <inheritdoc/>
    public override async Task<EncodeImageResponse> EncodeImage(EncodeImageRequest request, ServerCallContext context)
    {
        var (facts, parts) = models.Get(request.Model, request.ModelRevision);
        using var place = admission.Enter();
        return await pictures.EncodeAsync(request, facts, parts, context.CancellationToken);
    }
}
