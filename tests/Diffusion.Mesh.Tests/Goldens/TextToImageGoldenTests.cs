using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Tests;

/// <summary>Whole runs of the default model against the diffusers pipeline.</summary>
[Collection(MeshCollection.Name)]
[Trait("Category", "Goldens")]
public sealed class TextToImageGoldenTests(MeshFixture mesh)
{
    public static TheoryData<string> Cases => GoldenCase.TextToImage();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Denoise_GoldenCall_GivesItsLatents(string name)
    {
        var golden = GoldenCase.Read(name);
        var report = await mesh.Unet.DenoiseAsync(await mesh.JobAsync(golden.Request(mesh.Model.Name, mesh.Model.Scheduler)));

        var latents = TensorMessages.Read(report.Latents, out _)!;
        Assert.Equal(golden.Latents.Shape, latents.Shape);
        Close.AssertEqual(golden.Latents.Values, latents.ToFloats(), "latents");
        Assert.Equal(Enumerable.Range(0, (int)report.Accepted!.Evaluations), report.Evaluations.Select(evaluation => (int)evaluation.Index));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Generate_GoldenCall_GivesItsPixels(string name)
    {
        var golden = GoldenCase.Read(name);
        var pictures = await mesh.Generation.PicturesAsync(golden.Request(mesh.Model.Name, mesh.Model.Scheduler));

        Close.AssertPixels(golden.Pixels, [.. pictures.SelectMany(picture => picture.Rgb)], "The picture");
    }
}
