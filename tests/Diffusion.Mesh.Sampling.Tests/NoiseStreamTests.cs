using Xunit;

namespace Diffusion.Mesh.Sampling.Tests;

public sealed class NoiseStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Resume_AfterAnyDraw_ContinuesTheStream(int length)
    {
        var stream = new NoiseStream(7);
        var (expected, actual) = (new float[length], new float[length]);
        for (var draw = 0; draw < 6; draw++)
        {
            var resumed = NoiseStream.Resume(7, stream.NumbersDrawn, length);
            resumed.Draw(actual);
            stream.Draw(expected);

            Assert.Equal(expected, actual);
            Assert.Equal(stream.NumbersDrawn, resumed.NumbersDrawn);
        }
    }

    [Fact]
    public void Resume_PartOfADraw_Throws() => Assert.Throws<ArgumentException>(() => NoiseStream.Resume(7, 20, 16));

    [Fact]
    public void Draw_SeedsOfEqualLowWord_DrawTheSame()
    {
        var (first, second) = (new float[32], new float[32]);
        new NoiseStream(3).Draw(first);
        new NoiseStream((1ul << 32) + 3).Draw(second);

        Assert.Equal(first, second);
    }
}
