using System.Globalization;

namespace Diffusion.Mesh.Tokenization.Normalization;

/// <summary>Combining classes and canonical mappings, read once from the resource <c>canonical.txt</c>.</summary>
/// <remarks>
/// Kept here because .NET normalizes with ICU, and leaves text as it is where globalization is invariant. Of Unicode 9.0
/// because the reference tokenizer is: characters that are younger stay as they are written there, so here too.
/// </remarks>
internal sealed class CanonicalData
{
    private static readonly Lazy<CanonicalData> _shared = new(Read);

    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<int, (int First, int? Second)> _decompositions = [];
    private readonly Dictionary<(int First, int Second), int> _compositions = [];

    public static CanonicalData Shared => _shared.Value;

    /// <summary>The combining class; 0 for a starter.</summary>
    public byte ClassOf(int point) => _classes.GetValueOrDefault(point);

    /// <summary>One step of the canonical decomposition: one code point or two, which may decompose further.</summary>
    public (int First, int? Second)? Decompose(int point) =>
        _decompositions.TryGetValue(point, out var mapping) ? mapping : Hangul.Decompose(point);

    public int? Compose(int first, int second) =>
        _compositions.TryGetValue((first, second), out var composite) ? composite : Hangul.Compose(first, second);

    private static CanonicalData Read()
    {
        var data = new CanonicalData();
        using var stream = typeof(CanonicalData).Assembly.GetManifestResourceStream("canonical.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(' ');
            if (fields[0] == "class")
                data.AddClass(byte.Parse(fields[1], CultureInfo.InvariantCulture), fields.AsSpan(2));
            else if (fields[0] != "#")
                data.AddMappings(Point(fields[0]), fields.AsSpan(1));
        }

        return data;
    }

    private void AddClass(byte combiningClass, ReadOnlySpan<string> ranges)
    {
        foreach (var range in ranges)
        {
            var dash = range.IndexOf('-');
            var first = Point(dash < 0 ? range : range.AsSpan(0, dash));
            var last = dash < 0 ? first : Point(range.AsSpan(dash + 1));
            for (var point = first; point <= last; point++)
                _classes.Add(point, combiningClass);
        }
    }

    private void AddMappings(int point, ReadOnlySpan<string> mappings)
    {
        foreach (var mapping in mappings)
        {
            var mark = mapping.AsSpan().IndexOfAny('+', '/');
            var first = Point(mark < 0 ? mapping : mapping.AsSpan(0, mark));
            int? second = mark < 0 ? null : Point(mapping.AsSpan(mark + 1));
            _decompositions.Add(point, (first, second));
            if (mark >= 0 && mapping[mark] == '+')
                _compositions.Add((first, second!.Value), point);
            point++;
        }
    }

    private static int Point(ReadOnlySpan<char> hexadecimal) =>
        int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
