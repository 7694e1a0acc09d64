namespace Diffusion.Mesh.Tokenization.BytePairs;

/// <summary>Merges one word's symbols, always the pair of lowest rank and of these the leftmost.</summary>
/// <remarks>
/// A linked list over the symbols and a queue of candidate pairs: n log n for a word of n bytes, however it is made.
/// Candidates are not withdrawn when a neighbour changes, but checked when their turn comes.
/// </remarks>
internal sealed class SymbolMerger
{
    private const int None = -1;

    private readonly BytePairModel _model;
    private readonly int[] _symbols;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly PriorityQueue<(int Position, int Id), (int Rank, int Position)> _candidates = new();

    private SymbolMerger(BytePairModel model, int[] symbols)
    {
        _model = model;
        _symbols = symbols;
        _next = new int[symbols.Length];
        _previous = new int[symbols.Length];
        for (var position = 0; position < symbols.Length; position++)
        {
            _previous[position] = position - 1;
            _next[position] = position + 1 < symbols.Length ? position + 1 : None;
        }
    }

    /// <summary>The ids that remain; <paramref name="symbols"/>, the ids of a word's bytes, is used up.</summary>
    public static int[] Merge(BytePairModel model, int[] symbols)
    {
        if (symbols.Length < 2)
            return symbols;

        var merger = new SymbolMerger(model, symbols);
        for (var position = 0; position < symbols.Length; position++)
            merger.Propose(position);
        while (merger._candidates.TryDequeue(out var candidate, out _))
            merger.Apply(candidate.Position, candidate.Id);
        return [.. symbols.Where(symbol => symbol != None)];
    }

    private void Propose(int position)
    {
        if (TryMergeAt(position, out var merge))
            _candidates.Enqueue((position, merge.Id), (merge.Rank, position));
    }

    private void Apply(int position, int id)
    {
        if (!TryMergeAt(position, out var merge) || merge.Id != id)
            return;

        var right = _next[position];
        _symbols[position] = id;
        _symbols[right] = None;
        _next[position] = _next[right];
        if (_next[right] != None)
            _previous[_next[right]] = position;

        if (_previous[position] != None)
            Propose(_previous[position]);
        Propose(position);
    }

    /// <summary>The merge of the symbol at a position with its right neighbour, if both are there and merge.</summary>
    private bool TryMergeAt(int position, out Merge merge)
    {
        merge = default;
        return _symbols[position] != None
            && _next[position] != None
            && _model.TryMerge(_symbols[position], _symbols[_next[position]], out merge);
    }
}
