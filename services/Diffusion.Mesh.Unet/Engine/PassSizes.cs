namespace Diffusion.Mesh.Unet;

/// <param name="Size">Rows of the next pass.</param>
/// <param name="ToTry">A size that might be better, if it gives the same bits; null: none.</param>
internal readonly record struct PassChoice(int Size, int? ToTry);

/// <summary>
/// How many rows a forward pass of one shape gets. Sizes come from a ladder, so that few sizes of memory and kernels are in use; which rung pays off
/// is told by measured cost, and which rungs give the same bits by <see cref="SameBits"/>.
/// </summary>
/// <param name="most">The most rows that a pass may have, at least 1.</param>
internal sealed class PassSizes(int most)
{
    // The weight of a new measurement in the running mean. What disturbs a pass makes it longer, never shorter, and counts the less.
    private const double ShareOfShorter = 0.5;
    private const double ShareOfLonger = 0.1;
    private const double MostTimesLonger = 2;

    // Sizes are compared by what they cost undisturbed: the least of the last passes, which is forgotten by and by.
    private const double FloorRise = 1.002;

    // A rung must be better by this much per row than a smaller one: where two passes take as long as one, the first picture is ready sooner with two.
    private const double Gain = 0.99;

    // A rung that looked bad is tried again after so many passes, in case it was measured in a bad moment.
    private const int Patience = 100;

    // Before so many passes nothing is said against a size: the first ones allocate, and any may have been disturbed.
    private const int Enough = 6;

    private static readonly int[] s_ladder = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

    private readonly Rung[] _rungs = [.. s_ladder.Where(size => size <= most).Append(most).Distinct().Select(size => new Rung(size))];
    private int _passes;

    /// <summary>The most rows that a pass may have.</summary>
    public int Most { get; private set; } = most;

    /// <summary>Takes note of what a pass cost.</summary>
    public void Record(int size, double seconds)
    {
        var rung = _rungs[IndexOf(size)];
        // The first pass of a size allocates, so its cost counts only until there is a second.
        rung.Mean = rung.Passes < 2 ? seconds
            : seconds < rung.Mean ? rung.Mean + ShareOfShorter * (seconds - rung.Mean)
            : rung.Mean + ShareOfLonger * (Math.Min(seconds, MostTimesLonger * rung.Mean) - rung.Mean);
        rung.Floor = rung.Passes < 2 ? seconds : Math.Min(seconds, FloorRise * rung.Floor);
        rung.Least = rung.Passes == 0 ? seconds : Math.Min(rung.Least, seconds);
        rung.Passes++;
        _passes++;
    }

    /// <summary>Whether a pass of this size has not run yet.</summary>
    public bool IsNew(int size) => _rungs[IndexOf(size)].Passes == 0;

    /// <summary>Memory is enough for so many rows only.</summary>
    public void Bound(int rows)
    {
        var fitting = _rungs[0].Size;
        foreach (var rung in _rungs)
            fitting = rung.Size <= rows ? rung.Size : fitting;
        Most = Math.Min(Most, fitting);
    }

    /// <summary>Memory was not enough for a pass of <paramref name="size"/>: none of that size is tried again.</summary>
    /// <returns>False where there is no smaller size.</returns>
    public bool Shrink(int size)
    {
        var index = IndexOf(size);
        if (index == 0)
            return false;
        Most = Math.Min(Most, _rungs[index - 1].Size);
        return true;
    }

    /// <summary>
    /// The size of the next pass, which is larger than <paramref name="waiting"/> where no smaller one gives the same bits: the rest is padding.
    /// </summary>
    /// <param name="waiting">Rows that wait, at least 1.</param>
    /// <param name="limit">Seconds that a pass should last at most; the smallest size is always possible.</param>
    /// <param name="together">Up to so many rows go together whatever they cost: those of one picture.</param>
    /// <param name="isSame">Whether a size gives the same bits; null where that is not known.</param>
    public PassChoice Choose(int waiting, double limit, int together, Func<int, bool?> isSame)
    {
        var isRetry = _passes % Patience == Patience - 1;
        Rung? best = null;
        int? smaller = null, larger = null;
        var bestRate = double.PositiveInfinity;
        bool IsTooMuch(Rung rung) => rung.Size > Most || rung.Size > waiting || (rung.Size > together && AtLeast(rung) > limit);
        foreach (var rung in _rungs)
        {
            if (best is not null && IsTooMuch(rung))
                break;
            if (isSame(rung.Size) is not { } same)
            {
                if (best is null)
                    smaller ??= rung.Size;
                else
                    larger ??= rung.Size;
                continue;
            }

            var rate = (rung.Passes > 1 ? rung.Floor : Cost(rung.Size)) / rung.Size;
            if (same && (best is null || rung.Passes < Enough || isRetry || rate < Gain * bestRate))
                (best, bestRate) = (rung, Math.Min(rate, bestRate));
        }

        if (best is null)
            throw new InvalidOperationException("No size gives the same bits.");
        // Larger ones one by one: what the last one cost tells whether the next is worth a try.
        return new PassChoice(best.Size, IsTooMuch(best) ? smaller : best.Passes > 0 ? larger : null);
    }

    /// <summary>Seconds that a pass of <paramref name="rows"/> takes, as measured, or in proportion to what was measured; 0 where nothing was.</summary>
    public double Cost(int rows)
    {
        Rung? below = null;
        foreach (var rung in _rungs)
        {
            if (rung.Passes == 0)
                continue;
            if (rung.Size >= rows)
                return rung.Size == rows ? rung.Mean : below is null ? rung.Mean : Between(below, rung, rows);
            below = rung;
        }

        return below is null ? 0 : below.Mean * rows / below.Size;
    }

    /// <summary>The least seconds in which <paramref name="rows"/> can be done, as far as is known: a pass of more rows is never quicker.</summary>
    public double Least(int rows)
    {
        var least = 0.0;
        foreach (var rung in _rungs)
        {
            if (rung.Size <= rows && rung.Passes > 1)
                least = Math.Max(least, rung.Least);
        }

        return least * Math.Max(1, rows / Most);
    }

    // Where passes cost the same whatever is in them, a guess in proportion would keep the next size from ever being tried.
    private double AtLeast(Rung rung)
    {
        var index = IndexOf(rung.Size);
        return rung.Passes == 0 && index > 0 && _rungs[index - 1].Passes > 0 ? _rungs[index - 1].Mean : Cost(rung.Size);
    }

    private static double Between(Rung below, Rung above, int rows) =>
        below.Mean + (above.Mean - below.Mean) * (rows - below.Size) / (above.Size - below.Size);

    private int IndexOf(int size)
    {
        var index = 0;
        while (_rungs[index].Size != size)
            index++;
        return index;
    }

    private sealed class Rung(int size)
    {
        public int Size => size;

        public int Passes { get; set; }

        public double Mean { get; set; }

        public double Floor { get; set; }

        public double Least { get; set; }
    }
}
