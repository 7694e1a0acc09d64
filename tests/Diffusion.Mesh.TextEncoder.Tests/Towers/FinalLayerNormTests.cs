using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.TextEncoder.Tests;

public sealed class FinalLayerNormTests
{
    private const int Tokens = 32;
    private const int Width = 48;
    private const double Epsilon = 1e-5;

    [Fact]
    public void Fit_LayerNorm_FindsItsGainAndBias()
    {
        var random = new Random(1);
        var (gain, bias) = (Numbers(random, Width, 3), Numbers(random, Width, 1));
        // A few channels far out, as real towers have them.
        bias[5] = 30;
        gain[7] = 0;
        var before = Hidden(random);
        var after = Norm(before, gain, bias);

        var norm = FinalLayerNorm.Fit(Tensor(before), Tensor(after), Epsilon, out var error);

        Assert.InRange(error, 0, 1e-6);
        var other = Hidden(random);
        Wire.AssertClose(Norm(other, gain, bias), norm.Apply(Tensor(other)).ToFloats(), 1e-5f * 30);
    }

    [Fact]
    public void Fit_ConstantChannel_TellsItsValue()
    {
        var before = new float[2 * Width];
        var after = Enumerable.Repeat(2f, 2 * Width).ToArray();

        var norm = FinalLayerNorm.Fit(TensorData.From(before, [1, 2, Width]), TensorData.From(after, [1, 2, Width]), Epsilon, out var error);

        Assert.Equal(0, error);
        Assert.All(norm.Apply(TensorData.From(before, [1, 2, Width])).ToFloats(), v => Assert.Equal(2, v));
    }

    [Fact]
    public void Fit_Unrelated_HasALargeError()
    {
        var random = new Random(2);

        FinalLayerNorm.Fit(Tensor(Hidden(random)), Tensor(Hidden(random)), Epsilon, out var error);

        Assert.InRange(error, 0.1, double.MaxValue);
    }

    private static float[] Hidden(Random random) => Numbers(random, Tokens * Width, 10);

    private static float[] Numbers(Random random, int count, float range) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * range)];

    private static TensorData Tensor(float[] values) => TensorData.From(values, [1, Tokens, Width]);

    private static float[] Norm(float[] hidden, float[] gain, float[] bias) => [.. hidden.Chunk(Width).SelectMany(row =>
    {
        var mean = row.Average();
        var deviation = MathF.Sqrt(row.Average(v => (v - mean) * (v - mean)) + (float)Epsilon);
        return row.Select((v, c) => (v - mean) / deviation * gain[c] + bias[c]);
    })];
}
