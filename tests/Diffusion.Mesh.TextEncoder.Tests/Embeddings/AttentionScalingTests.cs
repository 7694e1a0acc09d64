using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.TextEncoder.Tests;

public sealed class AttentionScalingTests
{
    [Fact]
    public void Apply_NoWeights_LeavesTheBits()
    {
        var hidden = TensorData.From([1, 2, 3, 4], [1, 2, 2]);

        Assert.Same(hidden, AttentionScaling.Apply(hidden, null));
    }

    [Fact]
    public void Apply_Weights_ScaleTokensAndKeepTheMean()
    {
        var hidden = TensorData.From([1, 2, 3, 6], [1, 2, 2]);
        var weighted = AttentionScaling.Apply(hidden, [1, 2]).ToFloats();

        // 12 before, 3 + 18 = 21 after.
        Wire.AssertClose([12f / 21, 24f / 21, 72f / 21, 144f / 21], weighted, 1e-6f);
        Assert.Equal(12, weighted.Sum(), 1e-5);
    }

    [Fact]
    public void Apply_AllZero_StaysFinite() =>
        Assert.Equal([0, 0], AttentionScaling.Apply(TensorData.From([1, 2], [1, 1, 2]), [0]).ToFloats());

    [Fact]
    public void Apply_Half_StaysHalf() =>
        Assert.Equal(ElementType.Float16, AttentionScaling.Apply(TensorData.From([1, 2], [1, 2, 1], ElementType.Float16), [1, 2]).Type);
}
