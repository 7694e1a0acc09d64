using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Xunit;

namespace Diffusion.Mesh.Sampling.Tests;

[Trait("Category", "Goldens")]
public sealed class NoiseStreamGoldenTests
{
    public static TheoryData<int> Cases { get; } = [.. Enumerable.Range(0, Goldens.Cases("torch_randn.json").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Draw_TorchSeed_EqualsTorchToTheBit(int index)
    {
        var golden = Goldens.Cases("torch_randn.json")[index];
        var stream = new NoiseStream(golden.GetProperty("seed").GetUInt64());
        foreach (var draw in golden.GetProperty("draws").EnumerateArray())
        {
            var numbers = new float[draw.GetProperty("shape").EnumerateArray().Aggregate(1, (product, side) => product * side.GetInt32())];
            stream.Draw(numbers);

            Assert.Equal(draw.GetProperty("first").Floats(), numbers.Take(24));
            Assert.Equal(draw.GetProperty("last").Floats(), numbers.TakeLast(4));
            var hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(numbers.AsSpan())));
            Assert.Equal(draw.GetProperty("sha256").GetString(), hash);
        }
    }
}
