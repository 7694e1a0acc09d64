using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Vae;

/// <summary>The edge: latents in, a picture file out, and back.</summary>
internal sealed class VaeService(ModelHost<VaeModel> models, ExecutionGate gate, Admission admission, ServiceTelemetry telemetry)
    : V1.Vae.VaeBase
{
    private const int ChunkBytes = 1 << 20;

    /// <inheritdoc/>
    public override async Task Decode(DecodeRequest request, IServerStreamWriter<ImageChunk> responseStream, ServerCallContext context)
    {
        var (facts, vae) = models.Get(request.Model, request.ModelRevision);
        var valid = DecodeParser.Parse(request, facts);
        using var place = admission.Enter();
        var pixels = await gate.RunAsync(() => Forward(vae, valid.Latents), context.CancellationToken);
        var (width, height) = (pixels.Shape[3], pixels.Shape[2]);
        byte[] file;
        using (var span = telemetry.Start(TelemetryNames.PictureSpan))
        {
            file = PictureFile.Write(Picture.FromPlanes(pixels.ToFloats(), width, height), valid.Format, valid.Quality, valid.Text);
            span?.SetTag(TelemetryNames.ImageBytes, file.Length);
        }

        for (var offset = 0; offset < file.Length; offset += ChunkBytes)
        {
            var chunk = new ImageChunk
            {
                Format = valid.WireFormat,
                Width = (uint)width,
                Height = (uint)height,
                TotalBytes = (ulong)file.Length,
                Offset = (ulong)offset,
                Data = UnsafeByteOperations.UnsafeWrap(file.AsMemory(offset, Math.Min(ChunkBytes, file.Length - offset))),
            };
            await responseStream.WriteAsync(chunk, context.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public override async Task<EncodeImageToLatentsResponse> Encode(EncodeImageToLatentsRequest request, ServerCallContext context)
    {
        var (facts, vae) = models.Get(request.Model, request.ModelRevision);
        if (!vae.HasEncoder)
            throw new ServiceException(ServiceError.Unsupported, $"Model '{facts.Name}' has no VAE encoder.");
        using var place = admission.Enter();
        var (mean, logVariance) = await gate.RunAsync(() => Read(vae, facts, request), context.CancellationToken);
        return new EncodeImageToLatentsResponse { Latents = new LatentDistribution { Mean = mean.ToMessage(), LogVariance = logVariance.ToMessage() } };
    }

    private TensorData Forward(VaeModel vae, TensorData latents)
    {
        using var span = telemetry.Start(TelemetryNames.ForwardSpan);
        return vae.Decode(latents);
    }

    private (TensorData Mean, TensorData LogVariance) Read(VaeModel vae, ModelFacts facts, EncodeImageToLatentsRequest request)
    {
        Picture picture;
        try
        {
            picture = PictureFile.Read(request.Picture.Image.Span, new PictureLimits());
        }
        catch (PictureException e)
        {
            throw RichErrors.BadRequest([new("picture.image", e.Message)]);
        }

        if (picture.Width % facts.Scale != 0 || picture.Height % facts.Scale != 0)
        {
            throw RichErrors.BadRequest(
                [new("picture.image", $"It is {picture.Width} x {picture.Height} pixels; the sides must be multiples of {facts.Scale}.")]);
        }

        using var span = telemetry.Start(TelemetryNames.ForwardSpan);
        return vae.Encode(TensorData.From(picture.ToPlanes(), [1, 3, picture.Height, picture.Width]));
    }
}
