using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.ServiceTests;

public sealed class PictureFileTests(ClusterFixture cluster) : ClusterTest(cluster), IClassFixture<NativeImageLibraries>
{
    private const string Prompt = "a red circle, größer \ud83d\udd34";

    [Fact]
    public async Task Generate_Png_CarriesItsSettings()
    {
        var request = Wishes.Quick(Prompt, steps: 3, seed: 5_000_000_000);
        request.NegativePrompt = "blue";
        request.GuidanceScale = 2.5;

        var text = Pictures.Text(Wishes.File(await Client.FulfilAsync(request)));

        Assert.Equal(Prompt, text["prompt"]);
        Assert.Equal("blue", text["negative_prompt"]);
        Assert.Equal("5000000000", text["seed"]);
        Assert.Equal("3", text["steps"]);
        Assert.Equal("ddim", text["sampler"]);
        Assert.Equal("2.5", text["guidance_scale"]);
        Assert.Equal("shapes", text["model"]);
        Assert.Equal(Shapes.Facts.Revision, text["model_revision"]);
        Assert.Equal("128x128", text["size"]);
    }

    [Fact]
    public async Task Generate_OmitMetadata_WritesTheClientsTextOnly()
    {
        var request = Wishes.Quick(Prompt);
        request.OmitMetadata = true;
        request.ImageOptions = new ImageOptions { Text = { ["Author"] = "someone" } };

        var text = Pictures.Text(Wishes.File(await Client.FulfilAsync(request)));

        Assert.Equal(new Dictionary<string, string> { ["Author"] = "someone" }, text);
    }

    [Fact]
    public async Task Generate_OmitMetadata_GivesTheSamePixels()
    {
        var with = Wishes.Quick(Prompt);
        var without = with.Clone();
        without.OmitMetadata = true;

        var (first, second) = (Wishes.File(await Client.FulfilAsync(with)), Wishes.File(await Client.FulfilAsync(without)));

        Assert.NotEqual(first, second);
        Assert.Equal(Read(first).Rgb, Read(second).Rgb);
    }

    [Fact]
    public async Task Generate_TextOfTheClientUnderOurKey_Stays()
    {
        var request = Wishes.Quick(Prompt);
        request.ImageOptions = new ImageOptions { Text = { ["prompt"] = "secret" } };

        Assert.Equal("secret", Pictures.Text(Wishes.File(await Client.FulfilAsync(request)))["prompt"]);
    }

    [Theory]
    [InlineData(ImageFormat.Unspecified, ImageFormat.Png, new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' })]
    [InlineData(ImageFormat.Png, ImageFormat.Png, new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G' })]
    [InlineData(ImageFormat.Jpeg, ImageFormat.Jpeg, new byte[] { 0xff, 0xd8, 0xff })]
    [InlineData(ImageFormat.Webp, ImageFormat.Webp, new[] { (byte)'R', (byte)'I', (byte)'F', (byte)'F' })]
    public async Task Generate_Format_IsWrittenAndTold(ImageFormat asked, ImageFormat told, byte[] magic)
    {
        var request = Wishes.Quick(Prompt);
        request.ImageOptions = new ImageOptions { Format = asked };

        var events = await Client.FulfilAsync(request);

        var file = Wishes.File(events);
        Assert.Equal(magic, file[..magic.Length]);
        Assert.All(events.Where(e => e.Image is not null), e => Assert.Equal(told, e.Image.Chunk.Format));
        var picture = Read(file);
        Assert.Equal((128, 128), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Webp)]
    public async Task Generate_LossyFormat_IsCloseToThePngAndSmallerAtLowQuality(ImageFormat format)
    {
        var png = Wishes.Quick(Prompt, steps: 4);
        var (fine, coarse) = (png.Clone(), png.Clone());
        fine.ImageOptions = new ImageOptions { Format = format, Quality = 95 };
        coarse.ImageOptions = new ImageOptions { Format = format, Quality = 10 };

        var truth = Read(Wishes.File(await Client.FulfilAsync(png))).Rgb;
        var fineFile = Wishes.File(await Client.FulfilAsync(fine));
        var coarseFile = Wishes.File(await Client.FulfilAsync(coarse));

        Assert.True(coarseFile.Length < fineFile.Length);
        Assert.InRange(truth.Zip(Read(fineFile).Rgb).Average(p => Math.Abs(p.First - p.Second)), 0, 6);
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(256, 64)]
    [InlineData(64, 192)]
    public async Task Generate_Size_IsThePicturesSize(int width, int height)
    {
        var request = Wishes.Quick(steps: 1);
        (request.Width, request.Height) = (width, height);

        var picture = Read(Wishes.File(await Client.FulfilAsync(request)));

        Assert.Equal((width, height), (picture.Width, picture.Height));
    }

    private static Picture Read(byte[] file) => PictureFile.Read(file, new PictureLimits());
}
