using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

[Collection(VaeServerCollection.Name)]
public sealed class EncodeTests(VaeServer server)
{
    public static TheoryData<string> Hostile => [.. HostilePictures.All.Keys];

    [Fact]
    public async Task Encode_PictureOfAnotherSize_IsBroughtToSize()
    {
        var response = await server.EncodeAsync(TestModels.Latent, new PictureInput { Image = Wire.Bytes(Pictures.Pattern(50, 70)), Width = 64, Height = 32 });

        Assert.Equal((64u, 32u), (response.Width, response.Height));
        Assert.Equal([1, 8, 2, 4], response.Latents.Mean.Shape);
        Assert.Equal([1, 8, 2, 4], response.Latents.LogVariance.Shape);
        Assert.Null(response.Masked);
        Assert.Null(response.Mask);
    }

    [Fact]
    public async Task Encode_OwnSizeToAMultiple_IsRoundedDown()
    {
        var response = await server.EncodeAsync(TestModels.Latent, new PictureInput { Image = Wire.Bytes(Pictures.Pattern(50, 20)), Multiple = 32 });

        Assert.Equal((32u, 32u), (response.Width, response.Height));
    }

    [Fact]
    public async Task Encode_Mask_GivesLatentMaskAndTheGreyedPicturesDistribution()
    {
        // The right half, from a mask of half the size.
        var picture = Pictures.Pattern(64, 32);
        var mask = Pictures.Mask(32, 16, (x, _) => x >= 16);
        var grey = PictureMask.FromPicture(Pictures.Mask(64, 32, (x, _) => x >= 32)).Compose(picture, Pictures.Solid(64, 32, 128));

        var response = await server.EncodeAsync(TestModels.Latent, new PictureInput { Image = Wire.Bytes(picture), Mask = Wire.Bytes(mask) });
        var expected = await server.EncodeAsync(TestModels.Latent, new PictureInput { Image = Wire.Bytes(grey) });

        Assert.Equal([0, 0, 1, 1, 0, 0, 1, 1], Wire.Floats(response.Mask));
        Assert.Equal([1, 1, 2, 4], response.Mask.Shape);
        // 128 is a little more than the exact grey, 0 in -1 to 1.
        var (actual, near) = (Wire.Floats(response.Masked.Mean), Wire.Floats(expected.Latents.Mean));
        Assert.All(actual.Zip(near), pair => Assert.InRange(pair.First - pair.Second, -0.1f, 0.1f));
        Assert.NotEqual(response.Latents.Mean, response.Masked.Mean);
    }

    [Fact]
    public async Task Encode_MaskIsAlpha_IsWhereItIsFullyTransparent()
    {
        var input = new PictureInput { Image = Wire.Bytes(Pictures.Pattern(64, 32)), MaskIsAlpha = true };

        // White all over, and transparent on the right.
        var response = await server.EncodeAsync(TestModels.Latent, new PictureInput(input) { Mask = Transparent((x, _) => x < 32 ? (byte)1 : (byte)0) });
        var problems = await server.EncodeProblemsAsync(new PictureInput(input) { Mask = Transparent((_, _) => 1) });

        Assert.Equal([0, 0, 1, 1, 0, 0, 1, 1], Wire.Floats(response.Mask));
        Assert.Equal("picture.mask", Assert.Single(problems).Field);

        static ByteString Transparent(Func<int, int, byte> alpha)
        {
            using var image = new Image<Rgba32>(64, 32);
            for (var i = 0; i < 64 * 32; i++)
                image[i % 64, i / 64] = new Rgba32(255, 255, 255, alpha(i % 64, i / 64));
            using var file = new MemoryStream();
            image.SaveAsPng(file);
            return ByteString.CopyFrom(file.ToArray());
        }
    }

    [Fact]
    public async Task Encode_Margins_GrowThePictureAndAreMask()
    {
        var input = new PictureInput { Image = Wire.Bytes(Pictures.Pattern(32, 32)), Margins = new Margins { Left = 16, Bottom = 32 } };

        var response = await server.EncodeAsync(TestModels.Latent, input);

        Assert.Equal((48u, 64u), (response.Width, response.Height));
        Assert.Equal([1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1], Wire.Floats(response.Mask));
    }

    [Fact]
    public async Task Encode_BesideOthers_GivesTheSameBits()
    {
        var input = new PictureInput { Image = Wire.Bytes(Pictures.Pattern(64, 64)), Mask = Wire.Bytes(Pictures.Mask(64, 64, (x, y) => x > y)) };
        var alone = await server.EncodeAsync(TestModels.Latent, input);

        var together = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => server.EncodeAsync(TestModels.Latent, input)));

        Assert.All(together, response => Assert.Equal(alone, response));
    }

    [Theory]
    [InlineData(TestModels.Colour, 3)]
    [InlineData(TestModels.Grey, 1)]
    public async Task Encode_ModelWithoutVae_GivesThePixels(string model, int channels)
    {
        var picture = Pictures.Solid(3, 5, 51);

        var response = await server.EncodeAsync(model, new PictureInput { Image = Wire.Bytes(picture) });

        Assert.Equal([1, channels, 5, 3], response.Latents.Mean.Shape);
        Assert.All(Wire.Floats(response.Latents.Mean), value => Assert.Equal(-0.6f, value, 1e-6f));
        Assert.All(Wire.Floats(response.Latents.LogVariance), value => Assert.Equal(-30, value));
    }

    [Fact]
    public async Task Encode_ModelWithoutEncoder_IsUnimplemented()
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            () => server.EncodeAsync(TestModels.DecoderOnly, new PictureInput { Image = Wire.Bytes(Pictures.Pattern(16, 16)) }));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Encode_HostilePictureAndMask_NamesBoth(string name)
    {
        var file = ByteString.CopyFrom(HostilePictures.All[name]);

        var problems = await server.EncodeProblemsAsync(new PictureInput { Image = file, Mask = file, Width = 16, Height = 16 });

        Assert.Equal(["picture.image", "picture.mask"], problems.Select(p => p.Field));
    }

    [Fact]
    public async Task Encode_EverythingWrong_NamesEachField()
    {
        var problems = await server.EncodeProblemsAsync(new PictureInput
        {
            Mask = ByteString.CopyFrom(1, 2, 3),
            Width = 17,
            Height = uint.MaxValue,
            Resize = (ResizeMode)9,
            Margins = new Margins { Top = uint.MaxValue },
            Multiple = uint.MaxValue,
        });

        Assert.Equal(
            ["picture.image", "picture.mask", "picture.resize", "picture.multiple", "picture.margins.top", "picture.width", "picture.height"],
            problems.Select(p => p.Field));
    }

    [Fact]
    public async Task Encode_NoPicture_NamesImage() =>
        Assert.Equal("picture.image", Assert.Single(await server.EncodeProblemsAsync(null)).Field);

    [Fact]
    public async Task Encode_OverTheServicesPixels_NamesWidth()
    {
        var problems = await server.EncodeProblemsAsync(new PictureInput { Image = Wire.Bytes(Pictures.Pattern(8, 8)), Width = 512, Height = 512 });

        var problem = Assert.Single(problems);
        Assert.Equal("picture.width", problem.Field);
        Assert.Contains($"{VaeServer.MaxPixels}", problem.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encode_OwnSizeOverTheServicesSide_NamesIt()
    {
        var problems = await server.EncodeProblemsAsync(new PictureInput { Image = Wire.Bytes(Pictures.Pattern(VaeServer.MaxSide + 16, 16)) });

        Assert.Equal("picture.width", Assert.Single(problems).Field);
    }
}
