using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Tests;

/// <summary>Calls <c>Generation.Generate</c> as an application does.</summary>
internal static class GenerateCalls
{
    /// <summary>The pictures that a request makes.</summary>
    public static async Task<Picture[]> PicturesAsync(this Generation.GenerationClient client, GenerateRequest request)
    {
        var files = new SortedDictionary<uint, MemoryStream>();
        using var call = client.Generate(request);
        await foreach (var next in call.ResponseStream.ReadAllAsync())
        {
            if (next.Image is not { } image)
                continue;
            if (!files.TryGetValue(image.Index, out var file))
                files.Add(image.Index, file = new MemoryStream());
            Assert.Equal((ulong)file.Length, image.Chunk.Offset);
            file.Write(image.Chunk.Data.Span);
        }

        return [.. files.Values.Select(file => PictureFile.Read(file.ToArray(), new PictureLimits()))];
    }
}
