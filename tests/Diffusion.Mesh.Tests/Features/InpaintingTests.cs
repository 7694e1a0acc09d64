using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>A part of a picture is kept.</summary>
[Collection(MeshCollection.Name)]
public sealed class InpaintingTests(MeshFixture mesh)
{
    private const int Side = 128;
    private const int Kept = 64;
    private const int MostKept = 4;
    private const double LeastNew = 20;

    [Fact]
    public async Task Generate_MaskWithComposite_KeepsTheBlackPart()
    {
        var source = await SourceAsync();

        var painted = await PaintAsync(
            new PictureInput { Image = Wishes.Png(source), Mask = Wishes.Mask(Side, Side, x => x >= Kept) }, composite: true);

        Assert.InRange(Pixels.Differences(source, painted, 0, Kept).Max(), 0, MostKept);
        Assert.InRange(Pixels.Differences(source, painted, Kept, Side).Average(), LeastNew, 255);
    }

    [Fact]
    public async Task Generate_MaskWithoutComposite_KeepsItNearly()
    {
        var source = await SourceAsync();

        var painted = await PaintAsync(
            new PictureInput { Image = Wishes.Png(source), Mask = Wishes.Mask(Side, Side, x => x >= Kept) }, composite: false);

        // Sixteen pixels from the edge: there the VAE's convolutions mix both parts.
        Assert.InRange(Pixels.Differences(source, painted, 0, Kept - 16).Average(), 0, LeastNew / 2);
        Assert.InRange(Pixels.Differences(source, painted, Kept, Side).Average(), LeastNew, 255);
    }

    [Fact]
    public async Task Generate_MarginOnTheRight_GrowsThePicture()
    {
        var source = await SourceAsync();

        var painted = await PaintAsync(
            new PictureInput { Image = Wishes.Png(source), Margins = new Margins { Right = 64 } }, composite: true);

        Assert.Equal((192, Side), (painted.Width, painted.Height));
        Assert.InRange(Pixels.Differences(source, painted, 0, Side).Max(), 0, MostKept);
    }

    [Fact]
    public async Task Generate_MarginsOnEverySide_KeepTheMiddle()
    {
        var source = await SourceAsync();

        var painted = await PaintAsync(
            new PictureInput { Image = Wishes.Png(source), Margins = new Margins { Left = 32, Top = 16, Right = 32, Bottom = 48 } }, composite: true);

        Assert.Equal((192, 192), (painted.Width, painted.Height));
        for (var y = 0; y < Side; y++)
        {
            var kept = painted.Rgb.AsSpan(3 * (192 * (y + 16) + 32), 3 * Side).ToArray();
            Assert.All(kept.Zip(source.Rgb.Skip(3 * Side * y)), pair => Assert.InRange(pair.First - pair.Second, -MostKept, MostKept));
        }
    }

    private async Task<Picture> SourceAsync() => (await mesh.Generation.FulfilAsync(Wishes.Of(Wishes.Circle))).Picture;

    private async Task<Picture> PaintAsync(PictureInput source, bool composite) =>
        (await mesh.Generation.FulfilAsync(Wishes.Of("a large green square on a black background", 2)
            .With(r => (r.Source, r.Composite) = (source, composite)))).Picture;
}
