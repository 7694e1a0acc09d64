using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>One picture's latents to its file, on a VAE.</summary>
internal sealed class PictureDecoding(WorkerCalls workers)
{
    /// <summary>The file's pieces. They are passed on when all are there, so that a second worker can begin the picture anew.</summary>
    public Task<List<ImageChunk>> DecodeAsync(Job job, DecodeRequest message, CancellationToken cancellation) =>
        workers.CallAsync<List<ImageChunk>>(WorkerRole.Vae, (worker, _) => CallAsync(worker, job, message, cancellation));

    private static async Task<List<ImageChunk>?> CallAsync(Worker worker, Job job, DecodeRequest message, CancellationToken cancellation)
    {
        using var call = new Vae.VaeClient(worker.Invoker).Decode(message, deadline: job.Deadline.UtcDateTime, cancellationToken: cancellation);
        var chunks = new List<ImageChunk>();
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(cancellation))
            chunks.Add(chunk);
        return chunks is [.., var last] && last.Offset + (ulong)last.Data.Length == last.TotalBytes
            ? chunks
            : throw new RpcException(new Status(StatusCode.Unavailable, "The picture's file ended too early."));
    }
}
