using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.TextEncoder.Tests;

public sealed class SphericalMixTests
{
    [Fact]
    public void Mix_AtTheEnds_IsTheOneOrTheOther()
    {
        var (a, b) = (Vector(1, 2, 3), Vector(-3, 0.1f, 7));

        Wire.AssertSameBits(a, SphericalMix.Mix(a, b, 0));
        Wire.AssertSameBits(b, SphericalMix.Mix(a, b, 1));
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Mix_RightAngle_TurnsEvenlyAndScalesEvenly(double share)
    {
        var mixed = SphericalMix.Mix(Vector(2, 0), Vector(0, 6), share).ToFloats();

        Assert.Equal(share * Math.PI / 2, Math.Atan2(mixed[1], mixed[0]), 1e-6);
        Assert.Equal(2 + 4 * share, Math.Sqrt(mixed[0] * mixed[0] + mixed[1] * mixed[1]), 1e-5);
    }

    [Theory]
    [InlineData(1, 1, 2, 2, 1.5f, 1.5f)]
    [InlineData(1, 0, -3, 0, -1, 0)]
    [InlineData(0, 0, 4, 2, 2, 1)]
    [InlineData(4, 2, 0, 0, 2, 1)]
    public void Mix_WithoutAnAngle_GoesAlongTheLine(float ax, float ay, float bx, float by, float x, float y) =>
        Wire.AssertClose([x, y], SphericalMix.Mix(Vector(ax, ay), Vector(bx, by), 0.5).ToFloats(), 1e-6f);

    private static TensorData Vector(params float[] values) => TensorData.From(values, [1, values.Length]);
}
