using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet;

/// <summary>How strongly the guided row is followed, and when.</summary>
/// <param name="Scale">0 to 50; at 1 and below there is no unguided row.</param>
/// <param name="Rescale">Share of the guided prediction's deviation that the result gets back, 0 to 1.</param>
/// <param name="Start">Share of the run's evaluations from which guidance is on, 0 to 1.</param>
/// <param name="End">And off again, from <paramref name="Start"/> to 1.</param>
internal sealed record ValidGuidance(double Scale, double Rescale, double Start, double End)
{
    private const double MaxScale = 50;

    /// <summary>Whether evaluation <paramref name="index"/> of <paramref name="count"/> is guided.</summary>
    public bool IsOn(int index, int count) => (double)index / count >= Start && (double)index / count < End;

    /// <summary>Reads the message; without one there is no guidance.</summary>
    public static ValidGuidance Read(V1.Guidance? message, List<FieldProblem> problems)
    {
        if (message is null)
            return new ValidGuidance(1, 0, 0, 1);
        var end = message.HasIntervalEnd ? message.IntervalEnd : 1;
        Check(message.Scale, MaxScale, "scale");
        Check(message.Rescale, 1, "rescale");
        Check(message.IntervalStart, 1, "interval_start");
        Check(end, 1, "interval_end");
        if (end < message.IntervalStart)
            problems.Add(new("job.guidance.interval_end", "It must not be before interval_start."));
        return new ValidGuidance(message.Scale, message.Rescale, message.IntervalStart, end);

        void Check(double value, double largest, string field)
        {
            if (!(value >= 0 && value <= largest))
                problems.Add(new($"job.guidance.{field}", $"It must be 0 to {largest}."));
        }
    }
}
