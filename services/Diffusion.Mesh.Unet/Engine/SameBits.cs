using System.Runtime.InteropServices;

namespace Diffusion.Mesh.Unet;

/// <summary>
/// Knows which numbers of rows give a row the same bits, by trying: kernels may be picked by the number of rows (docs/batching.md has what was found).
/// The bits that count are those of a pass of two rows, a guided picture's.
/// </summary>
/// <remarks>Each number is tried once, with two rows of drawn content that take turns: every row must come out as it did in the pass of two.</remarks>
internal sealed class SameBits
{
    private const int Reference = 2;

    private readonly Dictionary<int, bool> _known = [];
    private float[][]? _expected;

    private SameBits(params int[] same) => Array.ForEach(same, size => _known[size] = true);

    /// <summary>Where a pass has one row only, there is nothing to try.</summary>
    public static SameBits OfSingleRows() => new(1);

    /// <summary>Nothing is known yet but what is so by definition.</summary>
    public static SameBits Unknown() => new(Reference);

    /// <summary>Whether a pass of this size may be used; null: not known yet.</summary>
    public bool? IsSame(int size) => _known.TryGetValue(size, out var isSame) ? isSame : null;

    /// <summary>Tries a size.</summary>
    /// <param name="probe">Writes drawn content into a row: the same for the same number.</param>
    /// <param name="run">One forward pass.</param>
    /// <param name="read">What it predicted for a row.</param>
    public void Try(int size, Action<int, int> probe, Action<int> run, Func<int, float[]> read)
    {
        _expected ??= Predictions(Reference, first: 0, probe, run, read);
        // With one row each of the two contents has to be tried.
        _known[size] = IsSame(size, first: 0, probe, run, read) && (size > 1 || IsSame(size, first: 1, probe, run, read));
    }

    /// <summary>A size is not to be used.</summary>
    public void Refuse(int size) => _known[size] = false;

    private bool IsSame(int size, int first, Action<int, int> probe, Action<int> run, Func<int, float[]> read) =>
        Predictions(size, first, probe, run, read).Select((prediction, row) => (prediction, Expected: _expected![(row + first) % Reference])).All(
            pair => MemoryMarshal.AsBytes(pair.prediction.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(pair.Expected.AsSpan())));

    private static float[][] Predictions(int size, int first, Action<int, int> probe, Action<int> run, Func<int, float[]> read)
    {
        for (var row = 0; row < size; row++)
            probe(row, (row + first) % Reference);
        run(size);
        return [.. Enumerable.Range(0, size).Select(read)];
    }
}
