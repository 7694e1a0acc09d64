using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>All that a request came to.</summary>
internal sealed record Outcome(IReadOnlyList<GenerateEvent> Events)
{
    /// <summary>The picture files, in their order.</summary>
    public IReadOnlyList<byte[]> Files { get; } =
        [.. from e in Events where e.Image is not null group e.Image.Chunk by e.Image.Index into file orderby file.Key select Join(file)];

    /// <summary>The first piece of each picture: its score, and which candidate it was.</summary>
    public IReadOnlyList<Image> Images { get; } = [.. Events.Select(e => e.Image).OfType<Image>().Where(i => i.Chunk.Offset == 0)];

    public IReadOnlyList<Preview> Previews { get; } = [.. Events.Select(e => e.Preview).OfType<Preview>()];

    public Queued Queued => Events[0].Queued;

    public Done Done => Events[^1].Done;

    /// <summary>The only picture's file.</summary>
    public byte[] File => Assert.Single(Files);

    /// <summary>The only picture.</summary>
    public Picture Picture => Read(File);

    public static Picture Read(ReadOnlySpan<byte> file) => PictureFile.Read(file, new PictureLimits());

    private static byte[] Join(IEnumerable<ImageChunk> chunks) => [.. chunks.SelectMany(chunk => chunk.Data)];
}

/// <summary>Calls <c>Generate</c>, and keeps every event.</summary>
internal static class OutcomeCalls
{
    public static async Task<Outcome> FulfilAsync(this Generation.GenerationClient client, GenerateRequest request)
    {
        using var call = client.Generate(request);
        return new Outcome(await call.ResponseStream.ReadAllAsync().ToListAsync());
    }

    public static Task<RpcException> FailAsync(this Generation.GenerationClient client, GenerateRequest request) =>
        Assert.ThrowsAsync<RpcException>(() => client.FulfilAsync(request));
}
