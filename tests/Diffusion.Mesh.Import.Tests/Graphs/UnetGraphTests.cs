using Diffusion.Mesh.Import.Graphs;
using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Tests;

public sealed class UnetGraphTests
{
    private const string Output = "out_sample";
    private static readonly float[] Timesteps = [801, 20.5f];

    [Theory]
    [InlineData(8, 8)]
    [InlineData(7, 5)]
    [InlineData(1, 9)]
    public void Run_AnySize_GivesRowsThatDoNotDependOnEachOther(int height, int width)
    {
        using var graph = new WrittenGraph(Build(DrawnParts.UnetStructure, Precision.Float32));

        var both = Run(graph, Timesteps, height, width);
        var second = Run(graph, Timesteps[1..], height, width);

        Assert.Equal(2 * 4 * height * width, both.Length);
        Assert.All(both, value => Assert.True(float.IsFinite(value)));
        // The rows differ in their timestep alone.
        Numbers.AssertClose(second, both[second.Length..], 1e-5);
        Assert.NotEqual(both[..second.Length], both[second.Length..]);
    }

    [Fact]
    public void Run_HalfPrecision_IsCloseToSingle()
    {
        using var single = new WrittenGraph(Build(DrawnParts.UnetStructure, Precision.Float32));
        using var half = new WrittenGraph(Build(DrawnParts.UnetStructure, Precision.Float16));

        Assert.Equal(typeof(Microsoft.ML.OnnxRuntime.Float16), half.Inputs["sample"].ElementType);
        Assert.Equal(typeof(float), half.Inputs["timestep"].ElementType);
        Numbers.AssertClose(Run(single, Timesteps, 8, 8), Run(half, Timesteps, 8, 8), 1e-2);
    }

    [Fact]
    public void Build_EveryKind_HasTheInputsOfTheUsualExporters()
    {
        using var inpainting = new WrittenGraph(Build(DrawnParts.UnetStructure with { InChannels = 9, LinearProjections = false }, Precision.Float32));
        using var consistency = new WrittenGraph(Build(DrawnParts.UnetStructure with { GuidanceWidth = 6 }, Precision.Float32));
        using var large = new WrittenGraph(Build(DrawnParts.UnetStructure with { AddedWidth = 10 + 6 * 4 }, Precision.Float32, addedTimeWidth: 4));

        Assert.Equal([-1, 9, -1, -1], inpainting.Inputs["sample"].Dimensions);
        Assert.Equal([-1], inpainting.Inputs["timestep"].Dimensions);
        Assert.Equal([-1, -1, 12], inpainting.Inputs["encoder_hidden_states"].Dimensions);
        Assert.Equal([-1, 4, -1, -1], inpainting.Outputs[Output].Dimensions);
        Assert.Equal([-1, 6], consistency.Inputs["timestep_cond"].Dimensions);
        Assert.Equal([-1, 10], large.Inputs["text_embeds"].Dimensions);
        Assert.Equal([-1, 6], large.Inputs["time_ids"].Dimensions);
    }

    [Fact]
    public void Build_WithoutMiddle_Runs()
    {
        using var graph = new WrittenGraph(Build(DrawnParts.UnetStructure with { MiddleResnets = 0, MiddleDepth = 0 }, Precision.Float32));

        Assert.All(Run(graph, Timesteps, 4, 4), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Build_TensorLeftOver_NamesIt()
    {
        var error = Assert.Throws<ImportException>(() => Build(With("mid_block.resnets.0.conv3.weight", 8, 8)));

        Assert.Contains("mid_block.resnets.0.conv3.weight", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mid_block.resnets.0.conv2.weight")]
    [InlineData("down_blocks.1.attentions.0.proj_in.bias")]
    [InlineData("up_blocks.0.resnets.1.conv_shortcut.weight")]
    public void Build_TensorMissing_NamesIt(string name)
    {
        var part = DrawnParts.Unet(DrawnParts.UnetStructure);
        var rest = new CheckpointPart(part.Name, part.Tensors.Where(tensor => tensor.Key != name).ToDictionary());

        var error = Assert.Throws<ImportException>(() => Build(rest));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mid_block.resnets.0.conv2.weight")]
    [InlineData("up_blocks.0.attentions.0.transformer_blocks.0.attn2.to_v.weight")]
    public void Build_WrongShape_NamesTensorAndShape(string name)
    {
        var error = Assert.Throws<ImportException>(() => Build(With(name, 5, 7, 3, 3)));

        Assert.Contains($"'{name}' has the shape [5, 7, 3, 3]", error.Message, StringComparison.Ordinal);
    }

    private static CheckpointPart With(string name, params ReadOnlySpan<long> shape)
    {
        var part = DrawnParts.Unet(DrawnParts.UnetStructure);
        var tensors = part.Tensors.ToDictionary();
        tensors[name] = new DrawnTensor(name, new TensorShape(shape));
        return new CheckpointPart(part.Name, tensors);
    }

    private static OnnxModel Build(CheckpointPart part) => UnetGraph.Build(part, DrawnParts.UnetSettings, Precision.Float32);

    private static OnnxModel Build(UnetStructure structure, Precision precision, int addedTimeWidth = 0) =>
        UnetGraph.Build(DrawnParts.Unet(structure), DrawnParts.UnetSettings with { AddedTimeWidth = addedTimeWidth }, precision);

    // Every row has the same latents and the same text.
    private static float[] Run(WrittenGraph graph, float[] timesteps, int height, int width)
    {
        float[] Repeat(float[] row) => [.. Enumerable.Repeat(row, timesteps.Length).SelectMany(r => r)];
        var latents = Repeat(Numbers.Draw(1, 4, height, width));
        var context = Repeat(Numbers.Draw(2, 3, 12));
        return graph.Run(
            [Output],
            ("sample", latents, [timesteps.Length, 4, height, width]),
            ("timestep", timesteps, [timesteps.Length]),
            ("encoder_hidden_states", context, [timesteps.Length, 3, 12]))[0];
    }
}
