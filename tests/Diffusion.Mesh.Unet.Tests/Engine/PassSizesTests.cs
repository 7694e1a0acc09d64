namespace Diffusion.Mesh.Unet.Tests;

public sealed class PassSizesTests
{
    private static readonly Func<int, bool?> s_all = _ => true;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 4)]
    [InlineData(16, 16)]
    [InlineData(1000, 32)]
    public void Choose_LargerPaysOff_TakesTheLargestThatIsFull(int waiting, int size)
    {
        var sizes = Measured(rows => 0.005 + 0.002 * rows);

        Assert.Equal(size, sizes.Choose(waiting, limit: 1, together: 1, s_all).Size);
    }

    [Fact]
    public void Choose_LargerIsSlowerPerRow_StaysSmall()
    {
        // Three rows cost more than three times one.
        var sizes = Measured(rows => rows < 3 ? 0.01 * rows : 0.02 * rows);

        Assert.Equal(1, sizes.Choose(waiting: 32, limit: 1, together: 1, s_all).Size);
    }

    [Fact]
    public void Choose_Limit_BoundsThePass()
    {
        var sizes = Measured(rows => 0.01 + 0.01 * rows);

        Assert.Equal(8, sizes.Choose(waiting: 32, limit: 0.1, together: 1, s_all).Size);
        Assert.Equal(1, sizes.Choose(waiting: 32, limit: 0.001, together: 1, s_all).Size);
        Assert.Equal(2, sizes.Choose(waiting: 32, limit: 0.001, together: 2, s_all).Size);
    }

    [Fact]
    public void Choose_NothingMeasured_TriesLargerOnes()
    {
        var sizes = new PassSizes(32);

        Assert.Equal(8, sizes.Choose(waiting: 8, limit: 1, together: 1, s_all).Size);
    }

    [Fact]
    public void Choose_FlatCostNearTheLimit_FindsTheLargest()
    {
        var sizes = new PassSizes(32);
        var chosen = 0;
        for (var i = 0; i < 100; i++)
        {
            chosen = sizes.Choose(waiting: 32, limit: 0.2, together: 2, s_all).Size;
            sizes.Record(chosen, 0.15);
        }

        Assert.Equal(32, chosen);
    }

    [Fact]
    public void Choose_OneRowHasOtherBits_PadsToTwo()
    {
        var sizes = Measured(rows => rows);

        Assert.Equal(new PassChoice(2, null), sizes.Choose(waiting: 1, limit: 1, together: 1, size => size > 1));
    }

    [Fact]
    public void Choose_BitsNotKnown_AsksForThoseThatWouldHelpOnly()
    {
        var sizes = Measured(rows => 0.005 + 0.002 * rows);
        bool? OnlyTwo(int size) => size == 2 ? true : null;

        Assert.Equal(new PassChoice(2, null), sizes.Choose(waiting: 2, limit: 1, together: 1, OnlyTwo));
        Assert.Equal(new PassChoice(2, 1), sizes.Choose(waiting: 1, limit: 1, together: 1, OnlyTwo));
        Assert.Equal(new PassChoice(2, 3), sizes.Choose(waiting: 8, limit: 1, together: 1, OnlyTwo));
        Assert.Equal(new PassChoice(2, 1), sizes.Choose(waiting: 8, limit: 0.001, together: 1, OnlyTwo));
    }

    [Fact]
    public void Choose_CostNotKnown_AsksForNoLargerOne()
    {
        var sizes = new PassSizes(32);
        bool? OnlyTwo(int size) => size == 2 ? true : null;

        Assert.Equal(new PassChoice(2, null), sizes.Choose(waiting: 8, limit: 0.2, together: 2, OnlyTwo));

        sizes.Record(2, 1);
        Assert.Equal(new PassChoice(2, null), sizes.Choose(waiting: 8, limit: 0.2, together: 2, OnlyTwo));
    }

    [Fact]
    public void Shrink_ForWantOfMemory_NeverTriesThatSizeAgain()
    {
        var sizes = Measured(rows => 0.005 + 0.002 * rows);

        Assert.True(sizes.Shrink(8));

        Assert.Equal(6, sizes.Choose(waiting: 32, limit: 1, together: 1, s_all).Size);
        Assert.False(sizes.Shrink(1));
    }

    [Fact]
    public void Choose_DisturbedPasses_ChangeNothing()
    {
        var sizes = Measured(rows => 0.005 + 0.002 * rows);
        for (var i = 0; i < 5; i++)
            sizes.Record(32, 10);

        Assert.Equal(32, sizes.Choose(waiting: 32, limit: 20, together: 1, s_all).Size);
    }

    [Fact]
    public void Choose_SizeThatHasBecomeSlow_IsLeft()
    {
        var sizes = Measured(rows => 0.005 + 0.002 * rows);
        for (var i = 0; i < 1000; i++)
            sizes.Record(32, 0.3);

        Assert.Equal(24, sizes.Choose(waiting: 32, limit: 20, together: 1, s_all).Size);
    }

    [Fact]
    public void Least_IsABoundFromBelow()
    {
        var sizes = Measured(rows => 0.005 + 0.002 * rows);

        Assert.Equal(0.009, sizes.Least(2), 1e-9);
        // Five go as four and one, or as six.
        Assert.Equal(0.013, sizes.Least(5), 1e-9);
        Assert.Equal(2 * 0.069, sizes.Least(64), 1e-9);
        Assert.Equal(0, new PassSizes(32).Least(2));
    }

    private static PassSizes Measured(Func<int, double> cost)
    {
        var sizes = new PassSizes(32);
        foreach (var size in (int[])[1, 2, 3, 4, 6, 8, 12, 16, 24, 32])
        {
            for (var pass = 0; pass < 6; pass++)
                sizes.Record(size, cost(size));
        }

        return sizes;
    }
}
