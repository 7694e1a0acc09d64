namespace Diffusion.Mesh.Autoscaling;

/// <summary>The requests of a day: a sinusoid between night and noon, and bursts on top. Rates are in pictures per second.</summary>
internal sealed record Day
{
    /// <summary>The same seed gives the same day.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long it is; the night is at both ends.</summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Rate of the deepest night.</summary>
    public double Night { get; init; } = 0.05;

    /// <summary>Rate of noon.</summary>
    public double Noon { get; init; } = 1;

    /// <summary>How many bursts there are on average, at any time.</summary>
    public double Bursts { get; init; } = 8;

    /// <summary>What the rate is multiplied by at the height of a burst.</summary>
    public double BurstFactor { get; init; } = 2;

    /// <summary>How long a burst takes to its height, and again from it.</summary>
    public TimeSpan BurstRise { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long it stays there.</summary>
    public TimeSpan BurstLength { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When the pictures are asked for: a Poisson process of the day's rate, by thinning (Lewis and Shedler 1979).</summary>
    public IReadOnlyList<TimeSpan> Arrivals()
    {
        var random = new Random(Seed);
        var bursts = Enumerable.Range(0, Poisson(random, Bursts)).Select(_ => random.NextDouble() * Length).Order().ToArray();
        var most = Math.Max(Noon, Night) * Math.Max(1, BurstFactor);
        var arrivals = new List<TimeSpan>();
        for (var at = Next(); at < Length; at += Next())
        {
            if (random.NextDouble() * most < Rate(at, bursts))
                arrivals.Add(at);
        }

        return arrivals;

        TimeSpan Next() => TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) / most);
    }

    private double Rate(TimeSpan at, IEnumerable<TimeSpan> bursts)
    {
        var calm = Night + ((Noon - Night) * (1 - Math.Cos(2 * Math.PI * (at / Length))) / 2);
        // Bursts that meet do not add up.
        var height = bursts.Select(begin => Height(at - begin)).DefaultIfEmpty().Max();
        return calm * (1 + ((BurstFactor - 1) * height));
    }

    private double Height(TimeSpan since)
    {
        var end = BurstRise + BurstLength + BurstRise;
        return since < TimeSpan.Zero || since > end ? 0 : Math.Min(1, Math.Min(since / BurstRise, (end - since) / BurstRise));
    }

    // Knuth's: for small means.
    private static int Poisson(Random random, double mean)
    {
        var count = 0;
        for (var product = random.NextDouble(); product > Math.Exp(-mean); product *= random.NextDouble())
            count++;
        return count;
    }
}
