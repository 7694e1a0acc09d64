namespace Diffusion.Mesh.Sampling;

/// <summary>
/// All that a generation carries from one model evaluation to the next. Written down after any evaluation and read back
/// elsewhere, with the noise stream's <see cref="NoiseStream.NumbersDrawn"/>, it gives the same latents to the bit.
/// </summary>
/// <remarks>Not thread safe: one state belongs to one generation.</remarks>
public sealed class SamplerState
{
    private float[]? _noise;
    private float[]? _scratch;

    /// <summary>A state read back. The arrays are kept, not copied.</summary>
    /// <param name="start">The position at which the generation began; 0 unless image to image.</param>
    /// <param name="position">The next evaluation.</param>
    /// <param name="latents">Row-major latents.</param>
    /// <param name="history">As many arrays of the latents' length as the sampler's <see cref="ISampler.HistorySlots"/>.</param>
    /// <exception cref="ArgumentException">A slot's length differs from the latents'; the position is before the start.</exception>
    public SamplerState(int start, int position, float[] latents, float[][] history)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(position, start);
        if (history.Any(slot => slot.Length != latents.Length))
            throw new ArgumentException("Every slot of the history has the length of the latents.", nameof(history));
        (Start, Position, Latents, History) = (start, position, latents, history);
    }

    /// <summary>The position of the first evaluation; multistep samplers warm up from here.</summary>
    public int Start { get; }

    /// <summary>The position of the next evaluation.</summary>
    public int Position { get; internal set; }

    /// <summary>The latents before the next evaluation, updated in place.</summary>
    public float[] Latents { get; }

    /// <summary>Fixed slots; each sampler's documentation says what they hold. Unused slots are zero.</summary>
    public float[][] History { get; }

    /// <summary>How many evaluations have been taken since the start.</summary>
    internal int Taken => Position - Start;

    /// <summary>A deep copy.</summary>
    public SamplerState Snapshot() => new(Start, Position, [.. Latents], [.. History.Select(slot => slot.ToArray())]);

    internal static SamplerState Begin(float[] latents, int start, int slots) =>
        new(start, start, latents, [.. Enumerable.Range(0, slots).Select(_ => new float[latents.Length])]);

    /// <summary>An array of the latents' length for use within one step; no part of the state's value.</summary>
    internal Span<float> Scratch => _scratch ??= new float[Latents.Length];

    /// <summary>A fresh draw in the state's own scratch array, which is no part of its value.</summary>
    internal ReadOnlySpan<float> Draw(NoiseStream noise)
    {
        _noise ??= new float[Latents.Length];
        noise.Draw(_noise);
        return _noise;
    }

    /// <summary>Puts an output into slot 0, moving those of the first <paramref name="slots"/> slots (or all) back by one.</summary>
    internal void Remember(ReadOnlySpan<float> output, int? slots = null)
    {
        var count = slots ?? History.Length;
        if (count == 0)
            return;
        var oldest = History[count - 1];
        Array.Copy(History, 0, History, 1, count - 1);
        output.CopyTo(History[0] = oldest);
    }
}
