using System.Text.Json;

namespace Diffusion.Mesh.Tokenization.Files;

/// <summary>Reads files of a tokenizer folder; what is wrong with them becomes a <see cref="TokenizerFormatException"/>.</summary>
internal static class TokenizerFile
{
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TokenizerFormatException(path, "the file is missing", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TokenizerFormatException(path, "the file cannot be read", exception);
        }
    }

    /// <summary>A JSON object; an empty one where the file is missing.</summary>
    public static JsonElement ReadOptionalObject(string path)
    {
        var json = File.Exists(path) ? ReadBytes(path) : "{}"u8.ToArray();
        return ParseJson(path, () => JsonElement.Parse(json)) is { ValueKind: JsonValueKind.Object } root
            ? root
            : throw NoObject(path);
    }

    /// <summary>Runs a parser, and names the file if the JSON, or a string in it, is broken.</summary>
    public static T ParseJson<T>(string path, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (JsonException exception)
        {
            throw new TokenizerFormatException(path, $"broken JSON in line {exception.LineNumber + 1}", exception);
        }
        catch (InvalidOperationException exception)
        {
            throw new TokenizerFormatException(path, "a string in the JSON is not valid Unicode", exception);
        }
    }

    public static TokenizerFormatException NoObject(string path) => new(path, "a JSON object is expected");
}
