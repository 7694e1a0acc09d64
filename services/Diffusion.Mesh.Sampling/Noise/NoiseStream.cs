using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Mesh.Sampling;

/// <summary>
/// Standard normal numbers, equal to the bit to <c>torch.Generator("cpu").manual_seed(seed)</c> followed by <c>torch.randn</c>.
/// </summary>
/// <remarks>Not thread safe: one stream belongs to one generation.</remarks>
public sealed class NoiseStream
{
    // torch's vectorised path works on blocks of this many numbers; shorter draws take another one.
    private const int Block = 16;

    private readonly MersenneTwister _engine;
    private double? _spare;

    /// <param name="seed">Any value; as in torch, only its low 32 bits seed the generator.</param>
    public NoiseStream(ulong seed) => _engine = new MersenneTwister((uint)seed);

    /// <summary>How many normal numbers have been handed out since the seed.</summary>
    public ulong NumbersDrawn { get; private set; }

    /// <summary>The stream after <paramref name="numbersDrawn"/> numbers, taken by draws of <paramref name="drawLength"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="numbersDrawn"/> is not a whole number of draws.</exception>
    public static NoiseStream Resume(ulong seed, ulong numbersDrawn, int drawLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drawLength, 1);
        var (draws, rest) = Math.DivRem(numbersDrawn, (ulong)drawLength);
        if (rest != 0)
            throw new ArgumentException($"{numbersDrawn} numbers are not a whole number of draws of {drawLength}.", nameof(numbersDrawn));

        var stream = new NoiseStream(seed);
        stream.Skip(draws, drawLength);
        return stream;
    }

    /// <summary>Passes over draws of one length without working out their numbers.</summary>
    public void Skip(ulong draws, int drawLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drawLength, 1);
        var numbers = draws * (ulong)drawLength;
        NumbersDrawn += numbers;
        if (drawLength >= Block)
        {
            _engine.Skip(draws * (ulong)(drawLength + (drawLength % Block == 0 ? 0 : Block)));
            return;
        }

        if (numbers > 0 && _spare is not null)
        {
            _spare = null;
            numbers--;
        }

        // Pairs of four words; an odd count leaves the pair's second number in the spare.
        _engine.Skip(numbers / 2 * 4);
        if (numbers % 2 == 1)
            NextNormal();
    }

    /// <summary>
    /// <c>torch.randn(shape)</c> in row-major order, where the product of the shape is the length of
    /// <paramref name="destination"/>.
    /// </summary>
    public void Draw(Span<float> destination)
    {
        if (destination.Length >= Block)
            DrawBlocks(destination);
        else
            foreach (ref var number in destination)
                number = (float)NextNormal();
        NumbersDrawn += (ulong)destination.Length;
    }

    private void DrawBlocks(Span<float> destination)
    {
        FillUniform(destination);
        for (var i = 0; i <= destination.Length - Block; i += Block)
            ToNormal(destination.Slice(i, Block));

        // A length that is no multiple of the block has its last sixteen numbers drawn anew.
        if (destination.Length % Block == 0)
            return;
        var tail = destination[^Block..];
        FillUniform(tail);
        ToNormal(tail);
    }

    private void FillUniform(Span<float> destination)
    {
        foreach (ref var number in destination)
            number = _engine.NextSingle();
    }

    // Box and Muller 1958 in single precision: eight radii from the first half of the block, eight angles from the second.
    private static void ToNormal(Span<float> block)
    {
        var halves = MemoryMarshal.Cast<float, Vector256<float>>(block);
        var radius = Vector256.Sqrt(Vector256.Create(-2f) * CephesVector.Log(Vector256<float>.One - halves[0]));
        var (sine, cosine) = CephesVector.SinCos(Vector256.Create(2f * MathF.PI) * halves[1]);

        // torch scales by the deviation and adds the mean; adding zero turns a negative zero into a positive one.
        halves[0] = radius * cosine + Vector256<float>.Zero;
        halves[1] = radius * sine + Vector256<float>.Zero;
    }

    // The same in double precision, two numbers at a time; 1 - u is exact, so its logarithm is torch's log1p(-u).
    private double NextNormal()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        var angle = 2 * Math.PI * _engine.NextDouble();
        var radius = Math.Sqrt(-2 * Math.Log(1 - _engine.NextDouble()));
        _spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }
}
