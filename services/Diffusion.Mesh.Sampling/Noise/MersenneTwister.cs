namespace Diffusion.Mesh.Sampling;

/// <summary>MT19937 (Matsumoto and Nishimura 1998), the engine behind <c>torch.Generator("cpu")</c>.</summary>
internal sealed class MersenneTwister
{
    private const int Size = 624;
    private const int Middle = 397;

    private readonly uint[] _words = new uint[Size];
    private int _next = Size;

    public MersenneTwister(uint seed)
    {
        _words[0] = seed;
        for (var i = 1; i < Size; i++)
            _words[i] = (uint)i + 1812433253u * (_words[i - 1] ^ (_words[i - 1] >> 30));
    }

    public uint Next()
    {
        if (_next == Size)
            Refill();

        var y = _words[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    /// <summary>A 53-bit uniform in [0, 1): torch takes the high half first.</summary>
    public double NextDouble()
    {
        var high = (ulong)Next();
        var word = (high << 32) | Next();
        return (word & ((1ul << 53) - 1)) * (1.0 / (1ul << 53));
    }

    /// <summary>A 24-bit uniform in [0, 1).</summary>
    public float NextSingle() => (Next() & ((1u << 24) - 1)) * (1f / (1u << 24));

    /// <summary>Passes over <paramref name="count"/> words without tempering them.</summary>
    public void Skip(ulong count)
    {
        while (count > 0)
        {
            if (_next == Size)
                Refill();
            var taken = Math.Min(count, (ulong)(Size - _next));
            _next += (int)taken;
            count -= taken;
        }
    }

    private void Refill()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_words[i] & 0x80000000) | (_words[(i + 1) % Size] & 0x7fffffff);
            _words[i] = _words[(i + Middle) % Size] ^ (y >> 1) ^ ((y & 1) * 0x9908b0df);
        }

        _next = 0;
    }
}
