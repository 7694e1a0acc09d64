using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>Token embeddings with the vectors of concepts behind those of the vocabulary.</summary>
/// <param name="first">Row of the first vector: the vocabulary's size. Rows that a table has beyond it belong to no token.</param>
internal sealed class TokenTable(StoredTensor source, long first, IReadOnlyList<float> vectors) : StoredTensor(
    source.Name,
    new TensorShape(Math.Max(source.Shape[0], first + (vectors.Count / source.Shape[1])), source.Shape[1]),
    source.Type)
{
    /// <summary>The table's canonical name.</summary>
    public const string Canonical = "text_model.embeddings.token_embedding.weight";

    /// <summary>A text encoder's weights with the vectors of concepts.</summary>
    public static CheckpointPart Extend(CheckpointPart text, long first, IReadOnlyList<Concept> concepts)
    {
        var vectors = new List<float>();
        foreach (var own in concepts.Select(c => c.Vectors[text.Name]))
        {
            for (var row = 0; row < own.Rows; row++)
                vectors.AddRange(own[row]);
        }

        return new CheckpointPart(
            text.Name, text.Tensors.ToDictionary(t => t.Key, t => t.Key == Canonical ? new TokenTable(t.Value, first, vectors) : t.Value));
    }

    protected internal override void ReadValues(long start, Span<float> values)
    {
        var (begin, end) = (first * Shape[1], (first * Shape[1]) + vectors.Count);
        for (var done = 0; done < values.Length;)
        {
            var at = start + done;
            var isNew = at >= begin && at < end;
            var until = isNew ? end : at < begin ? Math.Min(begin, source.Count) : source.Count;
            var part = values.Slice(done, (int)Math.Min(values.Length - done, until - at));
            if (isNew)
            {
                for (var i = 0; i < part.Length; i++)
                    part[i] = vectors[(int)(at - begin) + i];
            }
            else
            {
                source.ReadValues(at, part);
            }

            done += part.Length;
        }
    }
}
