using System.Text.Json;

namespace Diffusion.Mesh.Tokenization.Files;

/// <summary><c>vocab.json</c>: one object, from each token to its id.</summary>
internal static class VocabularyFile
{
    public const string Name = "vocab.json";

    /// <summary>Room for CLIP's 49,408 tokens, so that the dictionary of the usual model never grows.</summary>
    private const int UsualSize = 50_000;

    public static Dictionary<string, int> Read(string path)
    {
        var json = TokenizerFile.ReadBytes(path);
        return TokenizerFile.ParseJson(path, () => Parse(path, json));
    }

    private static Dictionary<string, int> Parse(string path, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw TokenizerFile.NoObject(path);

        var vocabulary = new Dictionary<string, int>(UsualSize, StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id) || id < 0)
                throw new TokenizerFormatException(path, $"the id of '{token}' is not a whole number of 0 or more");
            vocabulary[token] = id;
        }

        // Reads to the end: text after the object is an error too.
        reader.Read();
        return vocabulary;
    }
}
