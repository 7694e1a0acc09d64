using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Diffusion.Mesh.Import;

/// <summary>Small JSON files, read with errors that name the file.</summary>
internal static partial class JsonFile
{
    private const long Longest = 64 << 20;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true };

    /// <exception cref="ImportException">The file is missing or is no JSON object.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > Longest)
                throw new ImportException($"'{path}' is too long for a JSON file of a model.");
            return JsonNode.Parse(QuoteInfinities(File.ReadAllBytes(path)), null, Strict) as JsonObject ?? throw new ImportException($"'{path}' is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new ImportException($"'{path}' is not valid JSON.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"'{path}' {(e is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : "cannot be read")}.", e);
        }
    }

    // Python writes infinities as bare words; as strings they are read by everything that reads such numbers.
    private static byte[] QuoteInfinities(byte[] json) => json.AsSpan().IndexOf("Infinity"u8) < 0
        ? json
        : Encoding.UTF8.GetBytes(BareInfinity().Replace(Encoding.UTF8.GetString(json), "\"$0\""));

    [GeneratedRegex("""(?<=[:\[,]\s*)-?Infinity(?=\s*[,}\]])""", RegexOptions.CultureInvariant)]
    private static partial Regex BareInfinity();

    public static void Write(string path, JsonObject json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json.ToJsonString(Written) + "\n");
    }
}
