using System.Text.Json;
using System.Text.Json.Nodes;
using Diffusion.Mesh.Import.Adapters;
using Diffusion.Mesh.Import.Recognition;

namespace Diffusion.Mesh.Import.Writing;

/// <summary>Finds and copies the tokenizers, which no single file has.</summary>
internal static class TokenizerFolders
{
    private const string Vocabulary = "vocab.json";
    private const string Merges = "merges.txt";
    private const string Configuration = "tokenizer_config.json";
    private const string Map = "special_tokens_map.json";

    /// <summary>Tokens of every CLIP; smaller vocabularies are somebody's own, and their files are taken as they are.</summary>
    private const int TokensOfClip = 49_408;

    /// <summary>OpenCLIP fills its windows with token 0.</summary>
    private const string OpenClipPad = "!";

    /// <summary>The tokenizer's folder that belongs to a text encoder.</summary>
    public static string Of(string textEncoder) => textEncoder.Replace("text_encoder", "tokenizer", StringComparison.Ordinal);

    /// <summary>Finds the tokenizer of each text encoder, before anything is written.</summary>
    /// <returns>By text encoder: the folder, and whether it is the model's own.</returns>
    /// <exception cref="ImportException">There is none; the sentence says where one comes from.</exception>
    public static IReadOnlyDictionary<string, (string Folder, bool Own)> Find(RecognizedModel model, ImportRequest request) =>
        model.TextEncoders.ToDictionary(t => t.Weights.Name, t => Find(Of(t.Weights.Name), model, request));

    /// <summary>Copies a tokenizer.</summary>
    /// <param name="own">Whether it is the model's own, so that its padding is right.</param>
    /// <exception cref="ImportException">It is broken, or has more tokens than the text encoder.</exception>
    public static void Copy(string source, string target, bool own, RecognizedPart<TextSettings> text)
    {
        Directory.CreateDirectory(target);
        foreach (var file in new[] { Vocabulary, Merges, Configuration, Map })
        {
            if (File.Exists(Path.Combine(source, file)))
                File.Copy(Path.Combine(source, file), Path.Combine(target, file));
        }

        var tokens = ConceptFile.Table(text.Weights).Shape[0];
        var vocabulary = JsonFile.Read(Path.Combine(source, Vocabulary));
        if (vocabulary.Count > tokens)
            throw new ImportException($"The tokenizer '{source}' has {vocabulary.Count} tokens, and {text.Weights.Name} has embeddings for {tokens}.");
        if (!own && text.Settings.Activation == ClipActivation.Gelu && vocabulary.Count == TokensOfClip && IsFirst(vocabulary, OpenClipPad))
            Pad(target);
    }

    private static (string, bool) Find(string name, RecognizedModel model, ImportRequest request)
    {
        if (request.Tokenizer is { } told)
        {
            // A whole model's folder, or the tokenizer's own, which then serves both encoders.
            var inside = Path.Combine(told, name);
            if (Is(inside))
                return (inside, true);
            return Is(told) ? (told, false) : throw new ImportException($"'{told}' has no {Vocabulary} and {Merges}: it is no folder of CLIP's tokenizer.");
        }

        foreach (var folder in new[] { request.Source, model.Config })
        {
            if (folder is not null && Is(Path.Combine(folder, name)))
                return (Path.Combine(folder, name), true);
        }

        throw new ImportException(
            $"'{request.Source}' has no tokenizer; give --tokenizer a folder with {Vocabulary} and {Merges}: the folder 'tokenizer' of any diffusers model "
            + "of Stable Diffusion, or the files of openai/clip-vit-large-patch14 on Hugging Face.");
    }

    private static bool Is(string folder) => File.Exists(Path.Combine(folder, Vocabulary)) && File.Exists(Path.Combine(folder, Merges));

    private static bool IsFirst(JsonObject vocabulary, string token) =>
        vocabulary[token] is { } id && id.GetValueKind() == JsonValueKind.Number && id.GetValue<int>() == 0;

    private static void Pad(string folder)
    {
        foreach (var file in new[] { Configuration, Map })
        {
            var path = Path.Combine(folder, file);
            var json = File.Exists(path) ? JsonFile.Read(path) : [];
            json["pad_token"] = OpenClipPad;
            JsonFile.Write(path, json);
        }
    }
}
