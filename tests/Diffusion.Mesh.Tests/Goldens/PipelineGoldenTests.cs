using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests;

/// <summary>Whole runs of every family through the public service against the diffusers pipelines: every model and every call that is there.</summary>
[Collection(MeshCollection.Name)]
[Trait("Category", "Goldens")]
public sealed class PipelineGoldenTests(FamilyMeshes meshes, ITestOutputHelper output) : IClassFixture<FamilyMeshes>
{
    public static TheoryData<string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, string>();
            foreach (var family in GoldenFolder.Families())
            {
                foreach (var name in GoldenFolder.Family(family).Calls())
                    calls.Add(family, name);
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Generate_GoldenCall_GivesItsPixels(string family, string name)
    {
        var golden = new GoldenCase(GoldenFolder.Family(family), name);
        var mesh = await meshes.OfAsync(family);
        var pictures = await mesh.Generation.PicturesAsync(golden.Request(FamilyMesh.ModelOf(golden, name)));

        Close.AssertPictures(golden, pictures, output);
    }
}
