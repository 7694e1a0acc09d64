using Xunit;

namespace Diffusion.Mesh.Sampling.Tests;

public sealed class NoiseStreamSkipTests
{
    [Theory]
    [InlineData(new[] { 16, 16 }, 1, 32)]
    [InlineData(new[] { 36, 72 }, 3, 72)]
    [InlineData(new[] { 9 }, 0, 9)]
    [InlineData(new[] { 9 }, 1, 9)]
    [InlineData(new[] { 9 }, 2, 9)]
    [InlineData(new[] { 9, 9 }, 3, 9)]
    [InlineData(new[] { 9, 18 }, 2, 18)]
    [InlineData(new[] { 9, 18, 9 }, 1, 7)]
    public void Skip_BehindDrawsOfOtherLengths_StandsWhereDrawingWould(int[] drawn, int draws, int length)
    {
        var (drawing, skipping) = (new NoiseStream(5), new NoiseStream(5));
        foreach (var before in drawn)
        {
            Assert.Equal(Draw(drawing, before), Draw(skipping, before));
        }

        for (var i = 0; i < draws; i++)
            Draw(drawing, length);
        skipping.Skip((ulong)draws, length);

        Assert.Equal(drawing.NumbersDrawn, skipping.NumbersDrawn);
        Assert.Equal(Draw(drawing, 25), Draw(skipping, 25));
        Assert.Equal(Draw(drawing, 5), Draw(skipping, 5));
    }

    private static float[] Draw(NoiseStream stream, int length)
    {
        var numbers = new float[length];
        stream.Draw(numbers);
        return numbers;
    }
}
