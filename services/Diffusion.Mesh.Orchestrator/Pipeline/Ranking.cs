using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;
using Tensor = Diffusion.Mesh.V1.Tensor;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Scores pictures by CLIP (Radford et al. 2021): the cosine of the picture's and the prompt's embeddings.</summary>
internal sealed class Ranking(WorkerCalls workers, ServiceTelemetry telemetry)
{
    /// <summary>-1 to 1; higher fits better.</summary>
    /// <exception cref="ServiceException">The text encoder gives no embedding that compares with pictures.</exception>
    public async Task<double> ScoreAsync(Job job, List<ImageChunk> chunks, Tensor? prompt)
    {
        if (prompt is null)
            throw new ServiceException(ServiceError.Unsupported, $"The text encoder of model '{job.Request.Model.Name}' cannot rank: it has no projection.");
        using var span = telemetry.Start(TelemetryNames.RankSpan);
        var message = new EncodeImageRequest
        {
            Model = job.Request.Model.Name,
            ModelRevision = job.Request.Model.Revision,
            Image = ByteString.CopyFrom([.. chunks.SelectMany(c => c.Data)]),
        };
        var response = await workers.CallAsync<EncodeImageResponse>(WorkerCall.For(WorkerRole.TextEncoder, job), async attempt =>
            await new TextEncoder.TextEncoderClient(attempt.Invoker).EncodeImageAsync(message, attempt.Options));
        return TensorPrimitives.CosineSimilarity<float>(Floats(response.Embedding), Floats(prompt));
    }

    private static float[] Floats(Tensor tensor)
    {
        var bytes = tensor.Data.Span;
        switch (tensor.Dtype)
        {
            case DataType.Float32:
                return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            case DataType.Float16:
                var floats = new float[bytes.Length / 2];
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(bytes), floats);
                return floats;
            default:
                throw new RpcException(new Status(StatusCode.Internal, $"An embedding came as {tensor.Dtype}."));
        }
    }
}
