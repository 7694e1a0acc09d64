using System.Text.Json;
using System.Text.Json.Serialization;

namespace Diffusion.Mesh.Sampling;

/// <summary>scheduler_config.json as Python writes it, which is not always JSON.</summary>
internal static class SchedulerConfigJson
{
    public static SchedulerConfig Read(ReadOnlySpan<byte> utf8Json) =>
        JsonSerializer.Deserialize(QuoteInfinities(utf8Json), SchedulerConfigContext.Default.SchedulerConfig)
        ?? throw new JsonException("A scheduler configuration is a JSON object.");

    // Python's json writes infinities as bare words (lambda_min_clipped); here they become the strings that the number handling takes.
    private static byte[] QuoteInfinities(ReadOnlySpan<byte> text)
    {
        var quoted = new List<byte>(text.Length + 16);
        var inString = false;
        for (var i = 0; i < text.Length; i++)
        {
            var word = inString ? default : BareWord(text[i..]);
            if (!word.IsEmpty)
            {
                quoted.Add((byte)'"');
                quoted.AddRange(word);
                quoted.Add((byte)'"');
                i += word.Length - 1;
                continue;
            }

            quoted.Add(text[i]);
            if (inString && text[i] == '\\' && i + 1 < text.Length)
                quoted.Add(text[++i]);
            else if (text[i] == '"')
                inString = !inString;
        }

        return [.. quoted];
    }

    private static ReadOnlySpan<byte> BareWord(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("-Infinity"u8) ? "-Infinity"u8
        : rest.StartsWith("Infinity"u8) ? "Infinity"u8
        : rest.StartsWith("NaN"u8) ? "NaN"u8
        : default;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(SchedulerConfig))]
internal sealed partial class SchedulerConfigContext : JsonSerializerContext;
