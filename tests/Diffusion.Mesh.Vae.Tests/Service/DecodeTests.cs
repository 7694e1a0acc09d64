using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

[Collection(VaeServerCollection.Name)]
public sealed class DecodeTests(VaeServer server)
{
    [Fact]
    public async Task Decode_Composite_KeepsTheSourcesPixelsWhereTheMaskIsBlack()
    {
        var source = Pictures.Pattern(50, 40);
        var request = Request(2, 4);
        var painted = await server.DecodeAsync(request.Clone());
        request.Composite = new PictureInput
        {
            Image = Wire.Bytes(source), Mask = Wire.Bytes(Pictures.Mask(48, 32, (x, _) => x < 10)), Width = 48, Height = 32, Margins = new Margins { Right = 16 },
        };

        var whole = await server.DecodeAsync(request);

        var kept = PictureFit.Fit(source, 48, 32, FitMode.Stretch);
        for (var i = 0; i < 64 * 32; i++)
        {
            var (x, y) = (i % 64, i / 64);
            var isKept = x is >= 10 and < 48;
            Assert.Equal(isKept ? Pixel(kept, x, y) : Pixel(painted, x, y), Pixel(whole, x, y));
        }
    }

    [Fact]
    public async Task Decode_CompositeOfAnotherSizeWithoutMask_NamesBoth()
    {
        var request = Request(2, 4);
        request.Composite = new PictureInput { Image = Wire.Bytes(Pictures.Pattern(64, 64)) };

        var problems = await server.DecodeProblemsAsync(request);

        Assert.Equal(["composite.mask", "composite"], problems.Select(p => p.Field));
    }

    [Fact]
    public async Task Decode_WrongLatentsCompositeAndOptions_NamesEachField()
    {
        var problems = await server.DecodeProblemsAsync(new DecodeRequest
        {
            Model = TestModels.Latent, Composite = new PictureInput { Width = 16, Height = 16 }, Options = new ImageOptions { Quality = 101 },
        });

        Assert.Equal(["latents", "composite.image", "options.quality"], problems.Select(p => p.Field));
    }

    [Fact]
    public async Task Decode_QuickLookOfAModelWithFactors_UsesThem()
    {
        var request = Request(1, 2, TestModels.DecoderOnly);
        request.Latents = Wire.Tensor([.. new float[] { 0.5f, -1.5f }, .. new float[14]], 1, 8, 1, 2);
        request.QuickLook = true;

        var picture = await server.DecodeAsync(request);

        Assert.Equal((2, 1), (picture.Width, picture.Height));
        Assert.Equal([255, 128, 128, 0, 128, 128], picture.Rgb);
    }

    [Fact]
    public async Task Decode_QuickLooksAtOnce_AreOnePixelPerLatentAndAlike()
    {
        var request = Request(6, 8);
        request.QuickLook = true;

        var files = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.DecodeFileAsync(request)));

        Assert.All(files, file => Assert.Equal(files[0], file));
        Assert.Equal((8, 6), PictureFile.Identify(files[0], new PictureLimits()));
    }

    [Fact]
    public async Task Decode_BesideOthers_GivesTheSameBytes()
    {
        var alone = await server.DecodeFileAsync(Request(4, 4));

        var together = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => server.DecodeFileAsync(Request(4, 4 + i % 2))));

        Assert.Equal([alone, alone, alone], together.Where((_, i) => i % 2 == 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Decode_ModelWithoutVae_GivesTheLatentsAsPixels(bool quickLook)
    {
        var colour = await server.DecodeAsync(new DecodeRequest
        {
            Model = TestModels.Colour, Latents = Wire.Tensor([-1, 0, 2, 1, 0.6f, -0.6f], 1, 3, 1, 2), QuickLook = quickLook,
        });
        var grey = await server.DecodeAsync(new DecodeRequest
        {
            Model = TestModels.Grey, Latents = Wire.Tensor([-1, 1], 1, 1, 2, 1), QuickLook = quickLook,
        });

        Assert.Equal([0, 255, 204, 128, 255, 51], colour.Rgb);
        Assert.Equal([0, 0, 0, 255, 255, 255], grey.Rgb);
    }

    private static DecodeRequest Request(int height, int width, string model = TestModels.Latent) =>
        new() { Model = model, Latents = Wire.Latents(8, height, width) };

    private static byte[] Pixel(Picture picture, int x, int y) => picture.Rgb.AsSpan(3 * (y * picture.Width + x), 3).ToArray();
}
