using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class DecodeTests(FleetFixture fleet) : FleetTest(fleet)
{
    [Fact]
    public async Task Decode_FileOverOneMebibyte_ComesInPiecesThatFitTogether()
    {
        using var call = new V1.Vae.VaeClient(Fleet.Vae.Channel).Decode(
            new DecodeRequest { Model = Shapes.Name, Latents = Noise(64, 64) }, cancellationToken: Patience.Token);

        var pieces = new List<ImageChunk>();
        await foreach (var piece in call.ResponseStream.ReadAllAsync())
            pieces.Add(piece);

        Assert.True(pieces.Count > 1);
        Assert.All(pieces, p => Assert.InRange(p.Data.Length, 1, 1 << 20));
        ulong offset = 0;
        foreach (var piece in pieces)
        {
            Assert.Equal(offset, piece.Offset);
            offset += (ulong)piece.Data.Length;
        }

        Assert.Equal(pieces[0].TotalBytes, offset);
        var picture = PictureFile.Read([.. pieces.SelectMany(p => p.Data)], new PictureLimits());
        Assert.Equal((1024, 1024), (picture.Width, picture.Height));
    }

    // Far from anything that the VAE has learned: pixels that compress badly.
    private static Tensor Noise(int height, int width)
    {
        var latents = Shapes.Latents(height, width);
        var random = new Random(1);
        var bytes = new byte[latents.Data.Length];
        for (var i = 0; i < bytes.Length; i += sizeof(float))
            BitConverter.TryWriteBytes(bytes.AsSpan(i), (float)(random.NextDouble() * 20 - 10));
        latents.Data = ByteString.CopyFrom(bytes);
        return latents;
    }
}
