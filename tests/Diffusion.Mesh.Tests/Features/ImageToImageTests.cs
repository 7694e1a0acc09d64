using Diffusion.Mesh.V1;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>A picture is painted in other colours and keeps its layout.</summary>
[Collection(MeshCollection.Name)]
public sealed class ImageToImageTests(MeshFixture mesh, ITestOutputHelper output)
{
    private const double Near = 0.12;

    // The new prompts say no place: what keeps an object out of the middle is the source alone.
    private static readonly (string Before, string After, string Background, string Colour)[] _cases =
    [
        ("a small red circle on the left, white background", "a blue circle on a yellow background", "yellow", "blue"),
        ("a small red circle on the right, white background", "a black circle on a cyan background", "cyan", "black"),
        ("a small green square at the top, black background", "a pink square on a white background", "white", "pink"),
        ("a small yellow square at the bottom, blue background", "a red square on a white background", "white", "red"),
        ("a small blue star on the left, yellow background", "a white star on a black background", "black", "white"),
        ("a small purple heart on the right, white background", "a yellow heart on a blue background", "blue", "yellow"),
        ("a small black diamond at the top, cyan background", "a red diamond on a yellow background", "yellow", "red"),
        ("a small orange cross at the bottom, black background", "a green cross on a white background", "white", "green"),
        ("a small red triangle on the left, black background", "a blue triangle on a white background", "white", "blue"),
        ("a small cyan ring on the right, purple background", "a black ring on a white background", "white", "black"),
        ("a small white circle at the top, blue background", "a yellow circle on a purple background", "purple", "yellow"),
        ("a small pink circle at the bottom, black background", "a green circle on a white background", "white", "green"),
    ];

    [Fact]
    public async Task Generate_SourceAtStrength06_TakesNewColoursAndKeepsTheLayout()
    {
        var (colours, places, alone) = (0, 0, 0);
        foreach (var (index, (before, after, background, colour)) in _cases.Index())
        {
            var seed = (ulong)index;
            var source = await mesh.Generation.FulfilAsync(Wishes.Of(before, seed));
            var wish = Wishes.Of(after, seed + 100);
            var painted = await mesh.Generation.FulfilAsync(wish.With(r =>
            {
                r.Source = new PictureInput { Image = Wishes.Png(source.Picture) };
                r.Strength = 0.6;
            }));
            var was = Checker.Look(source.Picture).Objects[0];
            var (ground, objects) = Checker.Look(painted.Picture);
            colours += ground == background && objects.Count > 0 && objects[0].Colour == colour ? 1 : 0;
            places += IsNear(was, objects) ? 1 : 0;
            alone += IsNear(was, Checker.Look((await mesh.Generation.FulfilAsync(wish)).Picture).Objects) ? 1 : 0;
        }

        output.WriteLine($"{_cases.Length} pictures: new colours {colours}, place kept {places}; without the source in that place {alone}");
        Assert.True(colours >= 8, $"Only {colours} of {_cases.Length} took the new colours.");
        Assert.True(places >= 9, $"Only {places} of {_cases.Length} kept the place.");
        Assert.True(places > alone + 3, $"The place was kept {places} times, and {alone} times by chance.");
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
