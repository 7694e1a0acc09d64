using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Vae;

/// <summary>The edge: latents in, a picture file out, and back.</summary>
internal sealed class VaeService(
    ModelHost<VaeParts> models,
    PictureParser pictures,
    DecodeParser parser,
    PictureReader reader,
    ExecutionGate gate,
    Admission admission,
    ServiceTelemetry telemetry,
    PictureMetrics metrics)
    : V1.Vae.VaeBase
{
    private const int ChunkBytes = 1 << 20;

    /// <inheritdoc/>
    public override async Task Decode(DecodeRequest request, IServerStreamWriter<ImageChunk> responseStream, ServerCallContext context)
    {
        var (facts, parts) = models.Get(request.Model, request.ModelRevision);
        var valid = parser.Parse(request, facts);
        using var place = admission.Enter();
        var kept = valid.Composite is null ? null : await reader.ReadAsync(valid.Composite, context.CancellationToken);
        var picture = await PaintAsync(parts, valid, context.CancellationToken);
        if (kept is not null)
            picture = kept.Mask!.Compose(kept.Picture, picture);
        await SendAsync(facts.Name, valid, picture, responseStream, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override async Task<EncodeImageToLatentsResponse> Encode(EncodeImageToLatentsRequest request, ServerCallContext context)
    {
        var (facts, parts) = models.Get(request.Model, request.ModelRevision);
        if (!parts.Vae.HasEncoder)
            throw new ServiceException(ServiceError.Unsupported, $"Model '{facts.Name}' has no VAE encoder.");
        var problems = new List<FieldProblem>();
        if (pictures.Parse(request.Picture, "picture", facts.Scale, problems) is not { } valid)
            throw RichErrors.BadRequest(problems);

        using var place = admission.Enter();
        var source = await reader.ReadAsync(valid, context.CancellationToken);
        return new EncodeImageToLatentsResponse
        {
            Latents = await EncodeAsync(parts, source.Pixels, context.CancellationToken),
            Masked = source.MaskedPixels is { } masked ? await EncodeAsync(parts, masked, context.CancellationToken) : null,
            Mask = source.LatentMask(facts.Scale)?.ToMessage(),
            Width = (uint)source.Picture.Width,
            Height = (uint)source.Picture.Height,
        };
    }

    private async Task<Picture> PaintAsync(VaeParts parts, ValidDecode valid, CancellationToken cancellation)
    {
        if (valid.QuickLook)
            return (parts.Projection ?? await gate.RunAsync(parts.FitProjection, cancellation)).Apply(valid.Latents);
        var pixels = await gate.RunAsync(
            () =>
            {
                using var span = telemetry.Start(TelemetryNames.ForwardSpan);
                return parts.Vae.Decode(valid.Latents);
            },
            cancellation);
        return Picture.FromPlanes(pixels.ToFloats(), pixels.Shape[3], pixels.Shape[2]);
    }

    // One picture for each pass: what is computed must not depend on who else is.
    private Task<LatentDistribution> EncodeAsync(VaeParts parts, TensorData pixels, CancellationToken cancellation) => gate.RunAsync(
        () =>
        {
            using var span = telemetry.Start(TelemetryNames.ForwardSpan);
            var (mean, logVariance) = parts.Vae.Encode(pixels);
            return new LatentDistribution { Mean = mean.ToMessage(), LogVariance = logVariance.ToMessage() };
        },
        cancellation);

    private static string SpanName(PictureFormat format) => format switch
    {
        PictureFormat.Png => TelemetryNames.PngSpan,
        PictureFormat.Jpeg => TelemetryNames.JpegSpan,
        _ => TelemetryNames.WebpSpan,
    };

    private async Task SendAsync(string model, ValidDecode valid, Picture picture, IServerStreamWriter<ImageChunk> stream, CancellationToken cancellation)
    {
        byte[] file;
        using (var span = telemetry.Start(SpanName(valid.Format)))
        {
            file = metrics.Measure(model, () => PictureFile.Write(picture, valid.Format, valid.Quality, valid.Text));
            span?.SetTag(TelemetryNames.ImageBytes, file.Length);
        }

        for (var offset = 0; offset < file.Length; offset += ChunkBytes)
        {
            var chunk = new ImageChunk
            {
                Format = valid.WireFormat,
                Width = (uint)picture.Width,
                Height = (uint)picture.Height,
                TotalBytes = (ulong)file.Length,
                Offset = (ulong)offset,
                Data = UnsafeByteOperations.UnsafeWrap(file.AsMemory(offset, Math.Min(ChunkBytes, file.Length - offset))),
            };
            await stream.WriteAsync(chunk, cancellation);
        }
    }
}
