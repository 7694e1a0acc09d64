using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.TextEncoder.Tests;

public sealed class TensorJoinTests
{
    [Fact]
    public void AlongTokens_TwoWindows_FollowEachOther()
    {
        var joined = TensorJoin.AlongTokens([TensorData.From([1, 2, 3, 4], [1, 2, 2]), TensorData.From([5, 6, 7, 8], [1, 2, 2])]);

        Assert.Equal([1, 4, 2], joined.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], joined.ToFloats());
    }

    [Theory]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Float16)]
    public void AlongWidth_TwoTowers_StandSideBySideInTheFirstOnesType(ElementType first)
    {
        var joined = TensorJoin.AlongWidth([TensorData.From([1, 2], [1, 2, 1], first), TensorData.From([3, 4, 5, 6], [1, 2, 2])]);

        Assert.Equal(first, joined.Type);
        Assert.Equal([1, 2, 3], joined.Shape);
        Assert.Equal([1, 3, 4, 2, 5, 6], joined.ToFloats());
    }
}
