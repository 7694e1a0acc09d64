namespace Diffusion.Mesh.Inference;

/// <summary>
/// Room for the rows of forward passes of one shape. Inputs and outputs lie where they are from pass to pass, so a pass allocates nothing and a row
/// that has not changed need not be written again.
/// </summary>
/// <remarks>Not thread safe. Row numbers go from 0 to one less than what was allocated.</remarks>
public abstract class UnetRows : IDisposable
{
    /// <summary>Writes a row's latents and what its input has after them.</summary>
    /// <param name="row">The row.</param>
    /// <param name="latents">float32 [channels, height, width], scaled as the sampler wants.</param>
    /// <param name="extra">The input's further channels; empty where it has none.</param>
    public abstract void SetLatents(int row, ReadOnlySpan<float> latents, ReadOnlySpan<float> extra);

    /// <summary>Writes a row's training timestep, which can be fractional. A file with a single value has the last one written for all rows.</summary>
    public abstract void SetTimestep(int row, float timestep);

    /// <summary>Writes a row's further inputs by name, each with a first dimension of 1.</summary>
    public abstract void SetConditioning(int row, IReadOnlyDictionary<string, TensorData> conditioning);

    /// <summary>One forward pass of the first <paramref name="rows"/> rows.</summary>
    public abstract void Run(int rows);

    /// <summary>What the last pass predicted for a row, float32 [channels, height, width].</summary>
    public abstract void GetPrediction(int row, Span<float> prediction);

    /// <inheritdoc/>
    public abstract void Dispose();
}
