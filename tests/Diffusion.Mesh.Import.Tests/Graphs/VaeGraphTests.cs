using Diffusion.Mesh.Import.Graphs;
using Diffusion.Mesh.Import.Onnx;

namespace Diffusion.Mesh.Import.Tests;

public sealed class VaeGraphTests
{
    [Fact]
    public void Build_BothHalves_UseEveryTensorOnce()
    {
        var part = DrawnParts.Vae();

        var encoder = VaeEncoderGraph.Build(part, DrawnParts.VaeSettings, Precision.Float32);
        var decoder = VaeDecoderGraph.Build(part, DrawnParts.VaeSettings, Precision.Float32);

        part.RequireAllTaken();
        Assert.Equal(part.Tensors.Count, encoder.Weights.Count + decoder.Weights.Count);
    }

    [Fact]
    public void Run_PictureAndLatents_HaveTheirShapesInEveryPrecision()
    {
        var (moments, pixels) = Run(Precision.Float32);
        var (halfMoments, halfPixels) = Run(Precision.Float16);

        Assert.Equal(2 * 4 * 3 * 5, moments.Length);
        Assert.Equal(3 * 6 * 10, pixels.Length);
        Numbers.AssertClose(moments, halfMoments, 2e-2);
        Numbers.AssertClose(pixels, halfPixels, 2e-2);
    }

    private static (float[] Moments, float[] Pixels) Run(Precision precision)
    {
        var part = DrawnParts.Vae();
        using var encoder = new WrittenGraph(VaeEncoderGraph.Build(part, DrawnParts.VaeSettings, precision));
        using var decoder = new WrittenGraph(VaeDecoderGraph.Build(part, DrawnParts.VaeSettings, precision));
        return (
            encoder.Run(["latent_parameters"], ("sample", Numbers.Draw(1, 3, 6, 10), [1, 3, 6, 10]))[0],
            decoder.Run(["sample"], ("latent_sample", Numbers.Draw(2, 4, 3, 5), [1, 4, 3, 5]))[0]);
    }
}
