using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Import.Tests.Recognition;

[Trait("Category", "Goldens")]
public class HeaderTests
{
    private static string Folder => Path.Combine(TestFolders.Goldens, "checkpoints", "headers");

    public static TheoryData<string> Headers =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order()];

    [Theory]
    [MemberData(nameof(Headers))]
    public void Recognize_RealFile_FamilyAndEveryTensor(string header)
    {
        var (family, tensors) = Read(header);

        var model = Recognize(tensors);

        Assert.Equal(family, model.Family);
        var parts = new[] { model.Unet.Weights, model.Vae.Weights }.Concat(model.TextEncoders.Select(t => t.Weights)).ToList();
        // Fused projections give three weights for one tensor.
        var sources = parts.SelectMany(p => p.Tensors.Values).Select(t => t.Name).ToHashSet();
        Assert.Equal(tensors.Count, sources.Count + model.Leftovers);
    }

    [Theory]
    [InlineData("sd15", 859_520_964, 686, 83_653_863, 248, 123_060_480, 196)]
    [InlineData("sd21", 865_910_724, 686, 83_653_863, 248, 340_387_840, 372)]
    [InlineData("sdxl-base", 2_567_463_684, 1680, 83_653_863, 248, 694_659_840, 517)]
    public void Recognize_RealFile_CountsOfThePapers(
        string header, long unet, int unetTensors, long vae, int vaeTensors, long text, int textTensors)
    {
        var model = Recognize(Read(header).Tensors);

        Assert.Equal((unet, unetTensors), Count(model.Unet.Weights));
        Assert.Equal((vae, vaeTensors), Count(model.Vae.Weights));
        Assert.Equal((text, textTensors), Count(model.TextEncoders[^1].Weights));
    }

    [Fact]
    public void Recognize_UnknownTensor_IsNamed()
    {
        var (_, tensors) = Read("sd15");
        const string name = "model.diffusion_model.input_blocks.1.2.surprise";
        tensors[name] = new ShapeOnly(name, new TensorShape(1));

        Assert.Contains($"'{name}'", Assert.Throws<ImportException>(() => Recognize(tensors)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recognize_MissingTensor_IsNamed()
    {
        var (_, tensors) = Read("sd21");
        tensors.Remove("model.diffusion_model.output_blocks.10.0.in_layers.0.bias");

        var message = Assert.Throws<ImportException>(() => Recognize(tensors)).Message;
        Assert.Contains("'up_blocks.3.resnets.1.norm1.bias'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recognize_WrongShape_IsNamed()
    {
        var (_, tensors) = Read("sdxl-base");
        const string name = "conditioner.embedders.1.model.transformer.resblocks.7.attn.in_proj_bias";
        tensors[name] = new ShapeOnly(name, new TensorShape(3839));

        var message = Assert.Throws<ImportException>(() => Recognize(tensors)).Message;
        Assert.Contains($"'{name}' has the shape [3839]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recognize_VPredFlag_IsTheEvidence()
    {
        var (_, tensors) = Read("sdxl-base");
        tensors["v_pred"] = new ShapeOnly("v_pred", new TensorShape());

        var model = Recognize(tensors);

        Assert.Equal("v_prediction", model.Scheduler["prediction_type"]!.GetValue<string>());
        Assert.Contains(model.Evidence, e => e.Contains("'v_pred'", StringComparison.Ordinal));
    }

    [Fact]
    public void Recognize_UserSaysOtherwise_UserIsRight()
    {
        var (_, tensors) = Read("sd15");

        var model = Recognize(tensors, new RecognitionHints(Prediction: "v_prediction"));

        Assert.Equal("v_prediction", model.Scheduler["prediction_type"]!.GetValue<string>());
    }

    private static (string Family, Dictionary<string, StoredTensor> Tensors) Read(string header) =>
        ShapeOnly.ReadHeader(Path.Combine(Folder, $"{header}.json"));

    private static RecognizedModel Recognize(Dictionary<string, StoredTensor> tensors, RecognitionHints? hints = null) =>
        ModelRecognizer.Recognize(SingleFile.Split("model.safetensors", [], tensors), hints ?? new RecognitionHints());

    private static (long Parameters, int Tensors) Count(CheckpointPart part) => (part.Tensors.Values.Sum(t => t.Count), part.Tensors.Count);
}
