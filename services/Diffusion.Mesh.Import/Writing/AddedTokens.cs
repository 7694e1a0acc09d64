using System.Text.Json;
using System.Text.Json.Nodes;
using Diffusion.Mesh.Import.Adapters;
using Diffusion.Mesh.Tokenization;

namespace Diffusion.Mesh.Import.Writing;

/// <summary>Adds the tokens of concepts to a tokenizer's files.</summary>
internal static class AddedTokens
{
    private const string Configuration = "tokenizer_config.json";
    private const string Map = "special_tokens_map.json";
    private const string List = "added_tokens_decoder";
    private const string End = "<|endoftext|>";

    private static readonly (string Key, string Usual)[] Named =
        [("bos_token", "<|startoftext|>"), ("eos_token", End), ("unk_token", End), ("pad_token", End)];

    /// <param name="folder">The tokenizer's folder, which is written to.</param>
    /// <param name="window">The text encoder's positions.</param>
    /// <param name="first">The id of the first new token: how many there were.</param>
    /// <exception cref="ImportException">The tokenizer is broken, or has a token of a concept's name already.</exception>
    public static void Write(string folder, int window, int first, IReadOnlyList<Concept> concepts)
    {
        var path = Path.Combine(folder, Configuration);
        var configuration = Optional(path);
        if (configuration[List] is not JsonObject list)
            configuration[List] = list = Special(configuration, Optional(Path.Combine(folder, Map)), JsonFile.Read(Path.Combine(folder, "vocab.json")));
        var id = first;
        foreach (var token in concepts.SelectMany(c => c.Tokens))
        {
            if (list.Any(t => Content(t.Value) == token))
                throw new ImportException($"The tokenizer has a token '{token}' already; rename the embedding.");
            // Found whatever its letters' case, as everything else in a prompt is.
            list[$"{id++}"] = new JsonObject { ["content"] = token, ["normalized"] = true, ["special"] = false };
        }

        JsonFile.Write(path, configuration);
        Check(folder, window, first, concepts);
    }

    /// <summary>How many tokens a tokenizer has.</summary>
    /// <exception cref="ImportException">It is broken.</exception>
    public static int Count(string folder, int window)
    {
        try
        {
            return ClipTokenizer.Load(folder, window).VocabularySize;
        }
        catch (TokenizerFormatException e)
        {
            throw new ImportException(e.Message, e);
        }
    }

    /// <summary>A concept's name in a prompt must become its tokens, and nothing else.</summary>
    private static void Check(string folder, int window, int first, IReadOnlyList<Concept> concepts)
    {
        try
        {
            var tokenizer = ClipTokenizer.Load(folder, window);
            foreach (var concept in concepts)
            {
                if (!tokenizer.Tokenize(concept.Name).SequenceEqual(Enumerable.Range(first, concept.Count)))
                    throw new ImportException($"The name '{concept.Name}' cannot be a token; rename the embedding.");
                first += concept.Count;
            }
        }
        catch (TokenizerFormatException e)
        {
            throw new ImportException(e.Message, e);
        }
    }

    /// <summary>
    /// Where added tokens are listed, the list alone tells which tokens are special: so those that the files name otherwise come into it.
    /// </summary>
    private static JsonObject Special(JsonObject configuration, JsonObject map, JsonObject vocabulary)
    {
        var list = new JsonObject();
        foreach (var (key, usual) in Named)
        {
            var token = map[key] ?? configuration[key];
            var content = Content(token) ?? usual;
            configuration[key] = content;
            if (vocabulary[content] is { } id && !list.ContainsKey(id.ToJsonString()))
            {
                list[id.ToJsonString()] = new JsonObject
                {
                    ["content"] = content,
                    ["normalized"] = token is JsonObject described && described["normalized"]?.GetValueKind() == JsonValueKind.True,
                    ["special"] = true,
                };
            }
        }

        return list;
    }

    private static string? Content(JsonNode? token) => (token is JsonObject described ? described["content"] : token) is JsonValue value
        && value.TryGetValue<string>(out var content) ? content : null;

    private static JsonObject Optional(string path) => File.Exists(path) ? JsonFile.Read(path) : [];
}
