using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Graphs;
using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Import.Tests;

[Trait("Category", "Goldens")]
public sealed class RealSizeGraphTests
{
    [Theory]
    [InlineData("sd15", 4, 768, 13)]
    [InlineData("sd15-inpainting", 9, 768, 13)]
    [InlineData("sd21", 4, 1024, 24)]
    [InlineData("sdxl-base", 4, 2048, 33)]
    public void Build_RealFile_GivesEveryTensorItsPlace(string header, int channels, int contextWidth, int lastTowersStates)
    {
        var (_, tensors) = ShapeOnly.ReadHeader(Path.Combine(TestFolders.Goldens, "checkpoints", "headers", $"{header}.json"));
        var model = ModelRecognizer.Recognize(SingleFile.Split("model.safetensors", [], tensors), new RecognitionHints());

        var unet = UnetGraph.Build(model.Unet.Weights, model.Unet.Settings, Precision.Float16);
        var encoder = VaeEncoderGraph.Build(model.Vae.Weights, model.Vae.Settings, Precision.Float16);
        var decoder = VaeDecoderGraph.Build(model.Vae.Weights, model.Vae.Settings, Precision.Float16);
        var towers = model.TextEncoders.Select(text => ClipTextGraph.Build(text.Weights, text.Settings, Precision.Float16)).ToList();

        model.Vae.Weights.RequireAllTaken();
        Assert.Equal(model.Unet.Weights.Tensors.Count, unet.Weights.Count);
        Assert.Equal(model.Vae.Weights.Tensors.Count, encoder.Weights.Count + decoder.Weights.Count);
        Assert.Equal(channels, Length(unet, "sample", 1));
        Assert.Equal(contextWidth, Length(unet, "encoder_hidden_states", 2));
        Assert.Equal(lastTowersStates, towers[^1].Proto.Graph.Output.Count(port => port.Name.StartsWith("hidden_states.", StringComparison.Ordinal)));
        // No weights but places for them.
        Assert.InRange(unet.Proto.CalculateSize(), 0, 1 << 20);
    }

    private static long Length(OnnxModel model, string input, int dimension) =>
        model.Proto.Graph.Input.Single(port => port.Name == input).Type.TensorType.Shape.Dim[dimension].DimValue;
}
