using System.Numerics.Tensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>A weight with what adapters add to it: all in float32, rounded once, by who writes it.</summary>
/// <param name="deltas">Made when the weight is first read, so that not all of them are in memory at once.</param>
internal sealed class MergedTensor(StoredTensor source, IReadOnlyList<Func<IWeightDelta>> deltas)
    : StoredTensor(source.Name, source.Shape, source.Type)
{
    private Made? _made;

    protected internal override void ReadValues(long start, Span<float> values)
    {
        source.ReadValues(start, values);
        var made = Take(start);
        var length = checked((int)Shape.RowLength);
        float[]? part = null;
        for (var done = 0; done < values.Length;)
        {
            var (row, column) = Math.DivRem(start + done, length);
            var target = values.Slice(done, (int)Math.Min(length - column, values.Length - done));
            done += target.Length;
            if (target.Length == length)
            {
                foreach (var delta in made)
                    delta.AddTo((int)row, target);
                continue;
            }

            part ??= new float[length];
            part.AsSpan().Clear();
            foreach (var delta in made)
                delta.AddTo((int)row, part);
            TensorPrimitives.Add(target, part.AsSpan((int)column, target.Length), target);
        }

        Keep(start + values.Length, made);
    }

    /// <summary>Factors stay in memory only from one piece of the weight to the next.</summary>
    private IWeightDelta[] Take(long start) =>
        _made is { } made && made.Next == start ? made.Deltas : [.. deltas.Select(make => make())];

    private void Keep(long next, IWeightDelta[] made) => _made = next < Count ? new Made(next, made) : null;

    private sealed record Made(long Next, IWeightDelta[] Deltas);
}
