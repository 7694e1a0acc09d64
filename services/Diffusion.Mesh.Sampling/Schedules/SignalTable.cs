namespace Diffusion.Mesh.Sampling;

/// <summary>
/// The variance of the signal left at a training timestep, for the samplers that step from timestep to timestep
/// (latents = sqrt(a) * clean + sqrt(1 - a) * noise).
/// </summary>
internal sealed class SignalTable
{
    private readonly float[] _signal;
    private readonly double _final;

    /// <param name="schedule">The training schedule.</param>
    /// <param name="lastIsOne">Below timestep 0 all is signal; else it is as at timestep 0.</param>
    public SignalTable(NoiseSchedule schedule, bool lastIsOne)
    {
        _signal = schedule.AlphasCumulative;
        _final = lastIsOne ? 1 : _signal[0];
    }

    /// <summary>
    /// The signal where the model is called. As in torch, timestep -1 is the last: trailing spacing rounds to it at a few step
    /// counts.
    /// </summary>
    public double At(int timestep) => _signal[timestep < 0 ? timestep + _signal.Length : timestep];

    /// <summary>The signal that a step leads to; a timestep below 0 is the end.</summary>
    public double AfterStep(int timestep) => timestep < 0 ? _final : _signal[timestep];

    /// <summary>The same as the ratio of noise to signal.</summary>
    public double SigmaAfterStep(int timestep) => Sigma(AfterStep(timestep));

    public IEnumerable<Evaluation> Evaluations(int[] timesteps) =>
        timesteps.Select(timestep => new Evaluation(timestep, Sigma(At(timestep))));

    public void AddNoise(int timestep, ReadOnlySpan<float> clean, ReadOnlySpan<float> noise, Span<float> noisy) =>
        new Affine(Math.Sqrt(At(timestep)), Math.Sqrt(1 - At(timestep))).Apply(clean, noise, noisy);

    public Affine Clean(PredictionType prediction, int timestep) =>
        Prediction.Clean(prediction, Math.Sqrt(At(timestep)), Math.Sqrt(1 - At(timestep)));

    public Affine Noise(PredictionType prediction, int timestep) =>
        Prediction.Noise(prediction, Math.Sqrt(At(timestep)), Math.Sqrt(1 - At(timestep)));

    private static double Sigma(double signal) => Math.Sqrt((1 - signal) / signal);
}
