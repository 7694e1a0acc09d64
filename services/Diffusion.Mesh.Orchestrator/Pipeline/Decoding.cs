using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Latents to picture files, one picture after the other, sent on as they come.</summary>
internal sealed class Decoding(WorkerCalls workers, ServiceTelemetry telemetry)
{
    public async Task DecodeAsync(Job job, Tensor latents)
    {
        for (var index = 0; index < job.Request.Count; index++)
        {
            using var span = telemetry.Start(TelemetryNames.DecodeSpan);
            span?.SetTag(TelemetryNames.ImageIndex, index);
            var message = new DecodeRequest
            {
                Model = job.Request.Model.Name,
                ModelRevision = job.Request.Model.Revision,
                Latents = Row(latents, index),
                Options = Options(job.Request, index),
            };
            // A picture's pieces are passed on when all are there, so that a second worker can begin it anew.
            foreach (var chunk in await workers.CallAsync<List<ImageChunk>>(WorkerRole.Vae, (worker, _) => CallAsync(worker, job, message)))
                job.Events.Add(new GenerateEvent { Image = new Image { Index = (uint)index, Chunk = chunk } });
        }
    }

    private static async Task<List<ImageChunk>?> CallAsync(Worker worker, Job job, DecodeRequest message)
    {
        using var call = new Vae.VaeClient(worker.Invoker).Decode(message, deadline: job.Deadline.UtcDateTime, cancellationToken: job.Cancellation);
        var chunks = new List<ImageChunk>();
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(job.Cancellation))
            chunks.Add(chunk);
        return chunks is [.., var last] && last.Offset + (ulong)last.Data.Length == last.TotalBytes
            ? chunks
            : throw new RpcException(new Status(StatusCode.Unavailable, "The picture's file ended too early."));
    }

    private static Tensor Row(Tensor latents, int index)
    {
        var size = latents.Data.Length / (int)latents.Shape[0];
        var row = new Tensor { Dtype = latents.Dtype, Data = UnsafeByteOperations.UnsafeWrap(latents.Data.Memory.Slice(index * size, size)) };
        row.Shape.Add(1);
        row.Shape.AddRange(latents.Shape.Skip(1));
        return row;
    }

    private static ImageOptions Options(ValidRequest request, int index)
    {
        var options = request.ImageOptions.Clone();
        if (!request.OmitMetadata)
            PictureText.Add(request, index, options.Text);
        return options;
    }
}
