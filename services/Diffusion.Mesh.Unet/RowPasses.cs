using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Unet;

/// <summary>One row of a forward pass.</summary>
/// <param name="Image">Which picture of the job.</param>
/// <param name="Guided">With the prompt, or without.</param>
/// <param name="Conditioning">The UNet's inputs besides latents and timestep.</param>
internal sealed record Row(int Image, bool Guided, IReadOnlyDictionary<string, TensorData> Conditioning);

/// <summary>Packs a job's rows into forward passes.</summary>
internal static class RowPasses
{
    // Bounds the memory of one pass: 16 pictures with guidance are 32 rows.
    private const int MaxRows = 16;

    /// <summary>Rows share a pass when their conditioning has equal shapes: prompts have, a prompt and a picture's embedding may not.</summary>
    public static IReadOnlyList<Row[]> For(ValidDenoiseJob job)
    {
        var unguided = job.Negative?.Select((conditioning, image) => new Row(image, false, conditioning)) ?? [];
        var guided = job.Positive.Select((conditioning, image) => new Row(image, true, conditioning));
        return [.. unguided.Concat(guided).GroupBy(row => Shape(row.Conditioning)).SelectMany(group => group.Chunk(MaxRows))];
    }

    private static string Shape(IReadOnlyDictionary<string, TensorData> conditioning) =>
        string.Join(';', conditioning.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}:{string.Join(',', c.Value.Shape)}"));
}
