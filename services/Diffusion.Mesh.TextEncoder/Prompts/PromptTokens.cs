using Diffusion.Mesh.Tokenization;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>A text as one tower takes it.</summary>
/// <param name="Windows">One, or as many as the text needs.</param>
/// <param name="TokenCount">The text's tokens before truncation, without start, end and padding.</param>
/// <param name="Truncated">Whether tokens were left out.</param>
internal sealed record PromptTokens(IReadOnlyList<PromptWindow> Windows, int TokenCount, bool Truncated)
{
    /// <summary>Tokenizes a text piece by piece.</summary>
    /// <param name="chunk">Fill as many windows as the text needs, where otherwise its end is left out.</param>
    public static PromptTokens Read(ClipTokenizer tokenizer, IReadOnlyList<WeightedText> pieces, bool chunk)
    {
        List<int> ids = [];
        List<float> weights = [];
        foreach (var piece in pieces)
        {
            ids.AddRange(tokenizer.Tokenize(piece.Text));
            while (weights.Count < ids.Count)
                weights.Add((float)piece.Weight);
        }

        // Start and end take two of a window's places.
        var room = tokenizer.WindowLength - 2;
        var count = chunk && room > 0 ? Math.Max(1, (ids.Count + room - 1) / room) : 1;
        var windows = new PromptWindow[count];
        for (var i = 0; i < count; i++)
        {
            var (start, length) = (i * room, Math.Min(room, ids.Count - i * room));
            windows[i] = PromptWindow.Create(tokenizer, [.. ids.GetRange(start, length)], [.. weights.GetRange(start, length)]);
        }

        return new PromptTokens(windows, ids.Count, ids.Count > count * room);
    }

    /// <summary>The same with empty windows at the end up to <paramref name="count"/>: the towers' embeddings are joined window by window.</summary>
    public PromptTokens PadTo(int count, ClipTokenizer tokenizer) => count == Windows.Count
        ? this
        : this with { Windows = [.. Windows, .. Enumerable.Repeat(PromptWindow.Create(tokenizer, [], []), count - Windows.Count)] };
}

/// <summary>One window of a text.</summary>
/// <param name="Ids">Start, text, end, padding.</param>
/// <param name="Weights">The attention that each of them gets; null where it is 1 for all.</param>
internal sealed record PromptWindow(IReadOnlyList<int> Ids, IReadOnlyList<float>? Weights)
{
    /// <summary>A window around the ids of a text that fits.</summary>
    public static PromptWindow Create(ClipTokenizer tokenizer, ReadOnlySpan<int> ids, ReadOnlySpan<float> weights)
    {
        var window = tokenizer.Window(ids).Ids;
        if (!weights.ContainsAnyExcept(1f))
            return new PromptWindow(window, null);
        var all = new float[window.Length];
        Array.Fill(all, 1f);
        weights.CopyTo(all.AsSpan(1));
        return new PromptWindow(window, all);
    }
}
