using Diffusion.Mesh.V1;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>A picture is painted in other colours and keeps its layout.</summary>
[Collection(MeshCollection.Name)]
public sealed class ImageToImageTests(MeshFixture mesh, ITestOutputHelper output)
{
    private const double Near = 0.12;
    private const int Most = 9;

    // The background is said to the source's prompt only.
    private static readonly (string Scene, string Colour, string Background, string NewColour)[] _cases =
    [
        ("a small {0} circle on the left", "red", "white", "blue"),
        ("a small {0} circle on the right", "red", "cyan", "black"),
        ("a large {0} square at the top", "green", "black", "pink"),
        ("a large {0} square at the bottom", "yellow", "blue", "red"),
        ("a large {0} star on the left", "blue", "yellow", "white"),
        ("a small {0} heart on the right", "purple", "white", "orange"),
        ("a large {0} diamond at the top", "black", "cyan", "red"),
        ("a large {0} cross at the bottom", "orange", "black", "green"),
        ("a small {0} triangle on the left", "red", "black", "cyan"),
        ("a large {0} ring on the right", "cyan", "purple", "black"),
        ("a small {0} circle at the top", "white", "blue", "yellow"),
        ("a small {0} circle at the bottom", "pink", "black", "green"),
    ];

    [Fact]
    public async Task Generate_SourceAtStrength06_TakesTheNewColourAndKeepsTheScene()
    {
        var (colours, places, grounds, groundsAlone) = (0, 0, 0, 0);
        foreach (var (index, (scene, colour, background, newColour)) in _cases.Index())
        {
            var before = scene.Replace("{0}", colour, StringComparison.Ordinal);
            var source = (await mesh.Generation.FulfilAsync(Wishes.Of($"{before}, {background} background", (ulong)index))).Picture;
            var wish = Wishes.Of(scene.Replace("{0}", newColour, StringComparison.Ordinal), (ulong)index + 100);

            var painted = await mesh.Generation.FulfilAsync(wish.With(r => (r.Source, r.Strength) = (new PictureInput { Image = Wishes.Png(source) }, 0.6)));

            var (ground, objects) = Checker.Look(painted.Picture);
            colours += objects.Count > 0 && objects[0].Colour == newColour ? 1 : 0;
            places += IsNear(Checker.Look(source).Objects[0], objects) ? 1 : 0;
            grounds += ground == background ? 1 : 0;
            groundsAlone += Checker.Look((await mesh.Generation.FulfilAsync(wish)).Picture).Background == background ? 1 : 0;
        }

        output.WriteLine(
            $"{_cases.Length} pictures: new colour {colours}, place kept {places}, background kept {grounds}; without the source that background {groundsAlone}");
        Assert.True(colours >= Most, $"Only {colours} of {_cases.Length} took the new colour.");
        Assert.True(places >= Most, $"Only {places} of {_cases.Length} kept the place.");
        Assert.True(grounds >= Most, $"Only {grounds} of {_cases.Length} kept the background.");
        Assert.True(groundsAlone <= _cases.Length / 3, $"{groundsAlone} of {_cases.Length} have the background without the source.");
    }

    [Fact]
    public async Task Generate_LowerStrength_StaysNearerToTheSource()
    {
        var source = (await mesh.Generation.FulfilAsync(Wishes.Of(Wishes.Circle))).Picture;
        var distances = new List<double>();
        foreach (var strength in new[] { 0.2, 0.6, 1 })
        {
            var painted = await mesh.Generation.FulfilAsync(Wishes.Of("a green square on a black background", 2).With(r =>
            {
                r.Source = new PictureInput { Image = Wishes.Png(source) };
                r.Strength = strength;
            }));
            distances.Add(Pixels.Mean(source, painted.Picture));
        }

        output.WriteLine($"Distances: {string.Join(", ", distances)}");
        Assert.Equal(distances.Order(), distances);
    }

    [Theory]
    [InlineData(200, 130, 192, 128)]
    [InlineData(20, 70, 64, 64)]
    public async Task Generate_SourceOfNoMultiple_IsBroughtToTheNextLowerOne(int width, int height, int newWidth, int newHeight)
    {
        var painted = (await mesh.Generation.FulfilAsync(Wishes.Of(Wishes.Circle, steps: 4).With(
            r => r.Source = new PictureInput { Image = Wishes.Mask(width, height, _ => true) }))).Picture;

        Assert.Equal((newWidth, newHeight), (painted.Width, painted.Height));
    }

    private static bool IsNear(Region was, IReadOnlyList<Region> objects) =>
        objects.Count > 0 && Math.Sqrt(Math.Pow(objects[0].X - was.X, 2) + Math.Pow(objects[0].Y - was.Y, 2)) <= Near;
}
