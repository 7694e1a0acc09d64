using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>One picture's latents to its file, on a VAE.</summary>
internal sealed class PictureDecoding(WorkerCalls workers)
{
    /// <summary>The file's pieces. They are passed on when all are there, so that a second worker can begin the picture anew.</summary>
    public Task<List<ImageChunk>> DecodeAsync(Job job, DecodeRequest message, CancellationToken cancellation) =>
        workers.CallAsync<List<ImageChunk>>(
            WorkerCall.For(WorkerRole.Vae, job) with { Cancellation = cancellation }, attempt => CallAsync(attempt, message));

    private static async Task<List<ImageChunk>?> CallAsync(WorkerAttempt attempt, DecodeRequest message)
    {
        using var call = new Vae.VaeClient(attempt.Invoker).Decode(message, attempt.Options);
        var chunks = new List<ImageChunk>();
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(attempt.Cancellation))
            chunks.Add(chunk);
        return chunks is [.., var last] && last.Offset + (ulong)last.Data.Length == last.TotalBytes
            ? chunks
            : throw new RpcException(new Status(StatusCode.Unavailable, "The picture's file ended too early."));
    }
}
