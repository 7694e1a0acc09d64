using Diffusion.Mesh.Workers;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests;

/// <summary>Whole runs of the default model against the diffusers pipeline.</summary>
[Collection(MeshCollection.Name)]
[Trait("Category", "Goldens")]
public sealed class ShapesGoldenTests(MeshFixture mesh, ITestOutputHelper output)
{
    public static TheoryData<string> Calls => [.. GoldenFolder.Shapes.Calls()];

    public static TheoryData<string> TextCalls => [.. GoldenFolder.Shapes.Calls().Where(name => Read(name).Kind == "text2img")];

    [Theory]
    [MemberData(nameof(TextCalls))]
    public async Task Denoise_GoldenCall_GivesItsLatents(string name)
    {
        var golden = Read(name);
        var report = await mesh.Unet.DenoiseAsync(await mesh.JobAsync(golden.Request(mesh.Model.Name, mesh.Model.Scheduler)));

        var latents = TensorMessages.Read(report.Latents, out _)!;
        Assert.Equal(golden.Latents.Shape, latents.Shape);
        Close.AssertEqual(golden.Latents.Values, latents.ToFloats(), "latents");
        Assert.Equal(Enumerable.Range(0, (int)report.Accepted!.Evaluations), report.Evaluations.Select(evaluation => (int)evaluation.Index));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Generate_GoldenCall_GivesItsPixels(string name)
    {
        var golden = Read(name);
        var pictures = await mesh.Generation.PicturesAsync(golden.Request(mesh.Model.Name, mesh.Model.Scheduler));

        Close.AssertPictures(golden, pictures, output);
    }

    private static GoldenCase Read(string name) => new(GoldenFolder.Shapes, name);
}
