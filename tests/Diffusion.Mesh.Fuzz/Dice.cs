namespace Diffusion.Mesh.Fuzz;

/// <summary>The chance of one case: the same for the same seed and number, on every machine.</summary>
internal sealed class Dice
{
    private static readonly long[] Boundaries =
    [
        0, 1, -1, 2, 3, 7, 8, 16, 63, 64, 65, 100, 127, 128, 129, 255, 256, 999, 1000, 1001, 4095, 4096, 10_000, 10_001, 65_535, 65_536, 1 << 24, int.MaxValue - 1L,
        int.MaxValue, int.MinValue, int.MaxValue + 1L, uint.MaxValue, uint.MaxValue + 1L, long.MaxValue, long.MinValue, -2, -100, -65_536, 253_402_300_800, -62_135_596_801,
    ];

    private static readonly double[] Reals =
    [
        0, -0.0, 1, -1, 0.5, 1 - 1e-16, 1 + 1e-15, 2, 49.999, 50, 50.001, 1e-320, double.Epsilon, -double.Epsilon, 1e300, double.MaxValue, double.MinValue, double.NaN,
        double.PositiveInfinity, double.NegativeInfinity, 1e-9, float.MaxValue, 86_400, 86_401,
    ];

    private readonly Random _random;

    public Dice(int seed, long number) => _random = new Random(unchecked((int)(seed * 1_000_003L + number * 7_919L + 17)));

    /// <summary>Whether something of this probability happens.</summary>
    public bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>From 0 to one less than the end.</summary>
    public int Below(int end) => end <= 1 ? 0 : _random.Next(end);

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    /// <summary>A whole number that somebody may have forgotten.</summary>
    public long Whole() => Chance(0.7) ? Pick(Boundaries) : Chance(0.5) ? _random.Next(-20, 300) : _random.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>A number that somebody may have forgotten.</summary>
    public double Real() => Chance(0.8) ? Pick(Reals) : _random.NextDouble() * 60 - 5;

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
