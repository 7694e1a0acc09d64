using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>When and how a picture is guided.</summary>
[Collection(MeshCollection.Name)]
public sealed class GuidanceChoiceTests(MeshFixture mesh)
{
    [Fact]
    public async Task Generate_EmptyInterval_IsUnguided()
    {
        var unguided = await FileAsync(r => r.GuidanceScale = 1);

        Assert.Equal(unguided, await FileAsync(r => (r.GuidanceStart, r.GuidanceEnd) = (0, 0)));
    }

    [Fact]
    public async Task Generate_WholeInterval_IsFullyGuided() =>
        Assert.Equal(await FileAsync(_ => { }), await FileAsync(r => (r.GuidanceStart, r.GuidanceEnd) = (0, 1)));

    [Fact]
    public async Task Generate_PartOfTheInterval_IsNeither()
    {
        byte[][] files =
        [
            await FileAsync(r => r.GuidanceScale = 1),
            await FileAsync(_ => { }),
            await FileAsync(r => (r.GuidanceStart, r.GuidanceEnd) = (0.2, 0.6)),
        ];

        Assert.Equal(3, files.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public async Task Generate_Rescale_ChangesThePicture()
    {
        Assert.Equal(await FileAsync(_ => { }), await FileAsync(r => r.GuidanceRescale = 0));
        Assert.NotEqual(await FileAsync(_ => { }), await FileAsync(r => r.GuidanceRescale = 0.7));
    }

    [Fact]
    public async Task Generate_NegativePrompt_ChangesTheGuidedPictureOnly()
    {
        Assert.NotEqual(await FileAsync(_ => { }), await FileAsync(r => r.NegativePrompt = "a blue square"));
        Assert.Equal(await FileAsync(r => r.GuidanceScale = 1), await FileAsync(r => (r.GuidanceScale, r.NegativePrompt) = (1, "a blue square")));
    }

    private async Task<byte[]> FileAsync(Action<GenerateRequest> change) =>
        (await mesh.Generation.FulfilAsync(Wishes.Of(Wishes.Circle, steps: 10).With(change))).File;
}
