namespace Diffusion.Mesh.Import.Layouts;

/// <summary>
/// Names of tensors, cut at their dots, so that <c>input_blocks.1</c> is never taken for a part of <c>input_blocks.10</c>.
/// </summary>
internal sealed class NameTree
{
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);

    public NameTree(IEnumerable<string> names)
    {
        Names = [.. names];
        foreach (var name in Names)
        {
            _nodes.Add(name);
            for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
                _nodes.Add(name[..dot]);
        }
    }

    /// <summary>The names themselves.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether this is a name, or the beginning of one up to a dot.</summary>
    public bool Has(string path) => _nodes.Contains(path);

    /// <summary>How many of <paramref name="path"/>.0, .1, .2, ... there are without a gap.</summary>
    public int Count(string path)
    {
        var count = 0;
        while (Has($"{path}.{count}"))
            count++;
        return count;
    }
}
