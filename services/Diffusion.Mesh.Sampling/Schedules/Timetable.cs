namespace Diffusion.Mesh.Sampling;

/// <summary>The model calls of a generation, and where image to image joins them.</summary>
internal sealed class Timetable
{
    private readonly int _steps;
    private readonly int _callsPerStep;

    /// <param name="plan">For the number of steps asked for, of which a strength is a share.</param>
    /// <param name="evaluations">The model calls.</param>
    /// <param name="finalSigma">The noise level after the last.</param>
    /// <param name="callsPerStep">The sampler's order in diffusers' sense: 2 for Heun and DPM2.</param>
    public Timetable(SamplerPlan plan, IEnumerable<Evaluation> evaluations, double finalSigma = 0, int callsPerStep = 1)
    {
        (_steps, _callsPerStep) = (plan.Steps, callsPerStep);
        (Evaluations, FinalSigma) = ([.. evaluations], finalSigma);
    }

    public IReadOnlyList<Evaluation> Evaluations { get; }

    public double FinalSigma { get; }

    public int StartForStrength(double strength)
    {
        var taken = Math.Min((int)(_steps * strength), _steps);
        return Math.Min(Math.Max(_steps - taken, 0) * _callsPerStep, Evaluations.Count);
    }
}
