namespace Diffusion.Mesh.Inference;

/// <summary>The rows of one forward pass.</summary>
/// <param name="Latents">float32 [rows, channels, height, width].</param>
/// <param name="LatentShape">Channels, height and width of one row.</param>
/// <param name="Timesteps">Training timestep of each row; can be fractional.</param>
/// <param name="Conditioning">For each row the UNet's further inputs by name, each with a first dimension of 1.</param>
public sealed record UnetBatch(
    ReadOnlyMemory<float> Latents,
    IReadOnlyList<int> LatentShape,
    IReadOnlyList<float> Timesteps,
    IReadOnlyList<IReadOnlyDictionary<string, TensorData>> Conditioning)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Conditioning.Count;
}
