using Diffusion.Mesh.Testing;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests;

/// <summary>
/// Imported checkpoints against the diffusers pipelines with the same weights: every checkpoint and every call that is there, in every layout.
/// </summary>
[Collection(MeshCollection.Name)]
[Trait("Category", "Goldens")]
[Trait("Category", "Shared")]
public sealed class CheckpointGoldenTests(CheckpointMeshes meshes, ITestOutputHelper output) : IClassFixture<CheckpointMeshes>
{
    public static TheoryData<string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, string>();
            foreach (var family in GoldenFolder.CheckpointFamilies())
            {
                foreach (var name in GoldenFolder.Checkpoint(family).Calls())
                    calls.Add(family, name);
            }

            return calls;
        }
    }

    public static TheoryData<string> Families => [.. GoldenFolder.CheckpointFamilies()];

    [LargeGoldensTheory]
    [MemberData(nameof(Calls))]
    public async Task Generate_ImportedCheckpoint_GivesItsLatentsAndPixels(string family, string name)
    {
        var golden = new GoldenCase(GoldenFolder.Checkpoint(family), name);
        var mesh = await meshes.OfAsync(family);
        byte[]? first = null;
        foreach (var model in mesh.Models)
        {
            var (latents, pictures) = await mesh.RunAsync(golden, model);

            Close.AssertEqual(golden.Latents.Values, latents.ToFloats(), $"{model.Name}: latents");
            Close.AssertPictures(golden, pictures, output);
            // Of one file or of a folder: the same bits.
            Assert.Equal(first ??= latents.Data.ToArray(), latents.Data.ToArray());
        }
    }

    [LargeGoldensTheory]
    [MemberData(nameof(Families))]
    public async Task Generate_OddLatents_PicturesOfThatSize(string family)
    {
        const int Width = 17;
        const int Height = 15;
        var folder = GoldenFolder.Checkpoint(family);
        var mesh = await meshes.OfAsync(family);
        var model = mesh.Models.First();
        var request = new GoldenCase(folder, folder.Calls().First()).Request(model.Name, model.Scheduler);
        (request.Width, request.Height) = (Width * model.Scale, Height * model.Scale);

        var (latents, pictures) = await mesh.RunAsync(request);

        Assert.Equal([1, model.LatentChannels, Height, Width], latents.Shape);
        Assert.All(latents.ToFloats(), value => Assert.True(float.IsFinite(value)));
        Assert.Equal((request.Width, request.Height), (pictures[0].Width, pictures[0].Height));
    }
}
