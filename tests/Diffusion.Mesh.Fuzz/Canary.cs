using System.Security.Cryptography;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Fuzz;

/// <summary>A good client among the bad ones: its picture has the same bits every time.</summary>
internal sealed class Canary
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private string? _bits;

    /// <summary>Makes its picture; its job is then one that cases know of.</summary>
    /// <returns>What went wrong; null: nothing.</returns>
    public async Task<string?> SingAsync(Server server)
    {
        using var channel = GrpcChannel.ForAddress(server.Grpc);
        var request = new GenerateRequest
        {
            Prompt = "a large red circle on a white background",
            Seed = 1,
            Width = 64,
            Height = 64,
            Schedule = new Schedule { Steps = 4 },
            OmitMetadata = true,
        };
        try
        {
            var headers = new Metadata { { "x-api-key", server.Key } };
            using var call = new Generation.GenerationClient(channel).Generate(request, headers, DateTime.UtcNow + Patience);
            var picture = new MemoryStream();
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                server.KnownJob = call.ResponseStream.Current.JobId;
                if (call.ResponseStream.Current.Image is { } image)
                    picture.Write(image.Chunk.Data.Span);
            }

            var bits = Convert.ToHexString(SHA256.HashData(picture.ToArray()));
            _bits ??= bits;
            return bits == _bits ? null : $"The picture was {_bits} and is {bits}.";
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode}: {e.Status.Detail}";
        }
    }
}
