using Diffusion.Mesh.V1;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>Pictures as they look so far.</summary>
[Collection(MeshCollection.Name)]
public sealed class PreviewTests(MeshFixture mesh, ITestOutputHelper output)
{
    // Long enough that the first preview, for which the quick look is fitted, comes before the end.
    private const int Steps = 100;

    [Theory]
    [InlineData(false, 8)]
    [InlineData(true, 128)]
    public async Task Generate_Previews_HaveTheirSizeAndNumbers(bool full, int side)
    {
        const int every = 3;
        var outcome = await mesh.Generation.FulfilAsync(Wish(every, full).With(r => r.Count = 2));

        Assert.NotEmpty(outcome.Previews);
        Assert.All(outcome.Previews, preview =>
        {
            var picture = Outcome.Read(preview.Data.Span);
            Assert.Equal((side, side), (picture.Width, picture.Height));
            Assert.Equal(ImageFormat.Png, preview.Format);
            Assert.InRange(preview.Index, 0u, 1u);
            Assert.InRange(preview.Completed, 1u, (uint)Steps);
            Assert.Equal(0u, preview.Completed % every);
        });
        Assert.All(
            outcome.Previews.GroupBy(p => p.Index),
            group => Assert.Equal(group.Select(p => p.Completed).Distinct().Order(), group.Select(p => p.Completed)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Generate_Previews_LeaveThePictureAsItIs(bool full)
    {
        var plain = await mesh.Generation.FulfilAsync(Wish(1, full).With(r => r.Previews = null));
        var watched = await mesh.Generation.FulfilAsync(Wish(1, full));

        Assert.Empty(plain.Previews);
        Assert.Equal(plain.File, watched.File);
    }

    // With the noise in it no picture before the end would be near.
    [Fact]
    public async Task Generate_FullPreviews_ShowThePredictedPicture()
    {
        var outcome = await mesh.Generation.FulfilAsync(Wish(1, full: true));

        Assert.NotEmpty(outcome.Previews);
        var distances = outcome.Previews.Select(p => (p.Completed, Mean: Pixels.Mean(Outcome.Read(p.Data.Span), outcome.Picture))).ToArray();
        output.WriteLine(string.Join(", ", distances.Select(d => $"{d.Completed}: {d.Mean:F1}")));
        Assert.True(distances[^1].Completed >= Steps / 2, $"The last preview is of evaluation {distances[^1].Completed}.");
        Assert.InRange(distances[^1].Mean, 0, 8);
    }

    private static GenerateRequest Wish(int every, bool full) =>
        Wishes.Of(Wishes.Circle, steps: Steps).With(r => r.Previews = new PreviewOptions { Every = every, FullDecode = full });
}
