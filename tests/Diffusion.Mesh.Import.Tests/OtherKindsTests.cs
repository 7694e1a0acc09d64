namespace Diffusion.Mesh.Import.Tests;

public sealed class OtherKindsTests : IImportObserver, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    void IImportObserver.Recognized(IReadOnlyList<string> evidence) => Assert.Fail("Nothing is to be recognised.");

    void IImportObserver.Progress(double done) => Assert.Fail("Nothing is to be written.");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lora_unet_down_blocks_0.lora_down.weight", "is a LoRA, not a model")]
    [InlineData("lora_unet_down_blocks_0.hada_w1_a", "is a LoRA (LyCORIS), not a model")]
    [InlineData("emb_params", "is a textual inversion, not a model")]
    [InlineData("model.diffusion_model.joint_blocks.0.context_block.attn.qkv.weight", "Stable Diffusion 3")]
    [InlineData("double_blocks.0.img_attn.proj.weight", "Flux")]
    [InlineData("down_blocks.0.motion_modules.0.norm.weight", "video")]
    [InlineData("control_model.input_hint_block.0.weight", "ControlNet")]
    [InlineData("decoder.mid.block_1.conv1.weight", "is a VAE alone")]
    [InlineData("something.else", "no model of Stable Diffusion")]
    public void Import_SomethingElse_IsNamed(string tensor, string problem)
    {
        var path = new SafetensorsWriter().Add(tensor, [1f]).Save(_folder["f.safetensors"]);

        var message = Assert.Throws<ImportException>(
            () => ModelImporter.Import(new ImportRequest(path, _folder["m"]), this, CancellationToken.None)).Message;

        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["m"]));
    }

    [Fact]
    public void Import_PipelineWithATransformer_IsNamed()
    {
        _folder.Write("model_index.json", """{"_class_name": "FluxPipeline", "transformer": ["diffusers", "FluxTransformer2DModel"]}"""u8.ToArray());

        var message = Assert.Throws<ImportException>(
            () => ModelImporter.Import(new ImportRequest(_folder.Path, _folder["m"]), this, CancellationToken.None)).Message;

        Assert.Contains("is a FluxPipeline with a transformer", message, StringComparison.Ordinal);
    }
}
