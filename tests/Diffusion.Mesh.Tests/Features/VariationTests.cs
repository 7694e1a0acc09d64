using Diffusion.Mesh.V1;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>A picture as prompt.</summary>
[Collection(MeshCollection.Name)]
public sealed class VariationTests(MeshFixture mesh, ITestOutputHelper output)
{
    private const int Seeds = 12;
    private const int Most = 9;

    [Fact]
    public async Task Generate_PictureOfARedCircle_GivesRedCircles()
    {
        var circle = await CircleAsync();
        var (red, circles) = (0, 0);
        for (var seed = 0ul; seed < Seeds; seed++)
        {
            var objects = Checker.Look((await VariationAsync(circle, "", 0, seed)).Picture).Objects;
            red += objects is [{ Colour: "red" }, ..] ? 1 : 0;
            circles += objects is [{ Colour: "red", Shape: "circle" }, ..] ? 1 : 0;
        }

        output.WriteLine($"{Seeds} variations: red {red}, red circles {circles}");
        Assert.True(red >= Most, $"Only {red} of {Seeds} variations are red.");
        Assert.True(circles >= Most, $"Only {circles} of {Seeds} variations are red circles.");
    }

    [Fact]
    public async Task Generate_TextWeight_GoesFromThePictureToTheText()
    {
        var circle = await CircleAsync();
        const string text = "a large blue square on a white background";

        var alone = await VariationAsync(circle, "", 0);
        var pictureEnd = await VariationAsync(circle, text, 0);
        var textEnd = await VariationAsync(circle, text, 1);

        Assert.Equal(alone.File, pictureEnd.File);
        Assert.Equal("blue", Checker.Look(textEnd.Picture).Objects[0].Colour);
    }

    private async Task<Outcome> CircleAsync() => await mesh.Generation.FulfilAsync(Wishes.Of(Wishes.Circle, seed: 3));

    private Task<Outcome> VariationAsync(Outcome picture, string text, double weight, ulong seed = 5) =>
        mesh.Generation.FulfilAsync(Wishes.Of(text, seed).With(
            r => r.ImagePrompt = new ImagePrompt { Image = Wishes.Png(picture.Picture), TextWeight = weight }));
}
