using System.Text.Json;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>The JSON header of a safetensors file: every bound is checked before anything relies on it.</summary>
/// <param name="Entries">The tensors, in the order of their bytes.</param>
/// <param name="Metadata">The strings under <c>__metadata__</c>.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>Bytes before the header: its length.</summary>
    public const int Prefix = sizeof(long);

    /// <summary>The reference reader's limit.</summary>
    public const int LongestHeader = 100_000_000;

    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">Bytes behind the header.</param>
    /// <exception cref="SafetensorsException">The header contradicts itself or the file.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        var parser = new SafetensorsHeaderParser(json, dataLength);
        try
        {
            parser.Parse();
        }
        catch (JsonException e)
        {
            throw new SafetensorsException("has a header that is not valid JSON", e);
        }
        catch (InvalidOperationException e)
        {
            throw new SafetensorsException("has a header with a string that is not valid Unicode, or a value of the wrong kind", e);
        }

        var entries = parser.Entries.OrderBy(e => e.Begin).ThenBy(e => e.Length).ToList();
        RequirePacked(entries, dataLength);
        return new SafetensorsHeader(entries, parser.Metadata);
    }

    private static void RequirePacked(List<SafetensorsEntry> entries, long dataLength)
    {
        long end = 0;
        foreach (var entry in entries)
        {
            if (entry.Begin < end)
                throw new SafetensorsException($"has tensors that overlap: '{entry.Name}' begins inside the one before it");
            if (entry.Begin > end)
                throw new SafetensorsException($"has bytes that belong to no tensor, before '{entry.Name}'");
            end = entry.Begin + entry.Length;
        }

        if (end < dataLength)
            throw new SafetensorsException("has bytes that belong to no tensor, at its end");
    }
}

/// <summary>A file that is not what it should be.</summary>
/// <param name="problem">The end of a sentence that begins with the file's name.</param>
internal sealed class SafetensorsException(string problem, Exception? inner = null) : Exception(problem, inner);
