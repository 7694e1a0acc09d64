using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>Joins hidden states, [1, tokens, width] each.</summary>
internal static class TensorJoin
{
    /// <summary>One after the other: the tokens add up. All have one width and type.</summary>
    public static TensorData AlongTokens(IReadOnlyList<TensorData> windows)
    {
        if (windows.Count == 1)
            return windows[0];
        var data = new byte[windows.Sum(w => w.Data.Length)];
        var end = 0;
        foreach (var window in windows)
        {
            window.Data.CopyTo(data.AsMemory(end));
            end += window.Data.Length;
        }

        return new TensorData(windows[0].Type, [1, windows.Sum(w => w.Shape[1]), windows[0].Shape[2]], data);
    }

    /// <summary>Side by side: the widths add up. All have the same number of tokens; the first one's type is the result's.</summary>
    public static TensorData AlongWidth(IReadOnlyList<TensorData> towers)
    {
        if (towers.Count == 1)
            return towers[0];
        var type = towers[0].Type;
        var (tokens, width) = (towers[0].Shape[1], towers.Sum(t => t.Shape[2]));
        var data = new byte[tokens * width * Elements.Size(type)];
        var column = 0;
        foreach (var tower in towers)
        {
            var same = tower.Type == type ? tower : TensorData.From(tower.ToFloats(), tower.Shape, type);
            var row = tower.Shape[2] * Elements.Size(type);
            for (var token = 0; token < tokens; token++)
                same.Data.Slice(token * row, row).CopyTo(data.AsMemory(token * width * Elements.Size(type) + column));
            column += row;
        }

        return new TensorData(type, [1, tokens, width], data);
    }
}
