using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Unet;

/// <summary>One row of a forward pass.</summary>
/// <param name="Image">Which picture of the job.</param>
/// <param name="Guided">With the prompt, or without.</param>
/// <param name="Conditioning">The UNet's inputs besides latents and timestep.</param>
internal sealed record Row(int Image, bool Guided, IReadOnlyDictionary<string, TensorData> Conditioning);

/// <summary>One forward pass.</summary>
/// <param name="Conditioning">That of each row.</param>
internal sealed record RowPass(IReadOnlyList<Row> Rows, IReadOnlyList<IReadOnlyDictionary<string, TensorData>> Conditioning);

/// <summary>Packs a job's rows into forward passes.</summary>
internal static class RowPasses
{
    // Bounds the memory of one pass: 64 pictures with guidance are 128 rows.
    private const int MaxRows = 16;

    /// <summary>Rows share a pass when their conditioning has equal shapes: prompts have, a prompt and a picture's embedding may not.</summary>
    /// <param name="guided">With unguided rows as well.</param>
    public static IReadOnlyList<RowPass> For(ValidDenoiseJob job, bool guided)
    {
        var without = guided ? job.Negative!.Select((conditioning, image) => new Row(image, false, conditioning)) : [];
        var with = job.Positive.Select((conditioning, image) => new Row(image, true, conditioning));
        return
        [
            .. without.Concat(with)
                .GroupBy(row => Shape(row.Conditioning))
                .SelectMany(group => group.Chunk(job.Unet.TakesSingleRows ? 1 : MaxRows))
                .Select(rows => new RowPass(rows, Array.ConvertAll(rows, row => row.Conditioning))),
        ];
    }

    private static string Shape(IReadOnlyDictionary<string, TensorData> conditioning) =>
        string.Join(';', conditioning.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}:{string.Join(',', c.Value.Shape)}"));
}
