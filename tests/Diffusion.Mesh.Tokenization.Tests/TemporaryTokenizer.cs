using System.Text.Json;

namespace Diffusion.Mesh.Tokenization.Tests;

/// <summary>A tokenizer folder of its own for one test: the default model's tokens, and whatever else is written to it.</summary>
internal sealed class TemporaryTokenizer : IDisposable
{
    public const string Configuration = "tokenizer_config.json";
    public const string Map = "special_tokens_map.json";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mesh-tokenizer-");

    public TemporaryTokenizer()
    {
        foreach (var name in new[] { "vocab.json", "merges.txt" })
            File.Copy(Path.Combine(TokenCase.ShapesFolder, name), Path.Combine(Folder, name));
    }

    public string Folder => _folder.FullName;

    public TemporaryTokenizer With(string name, object json) => WithText(name, JsonSerializer.Serialize(json));

    public TemporaryTokenizer WithText(string name, string content)
    {
        File.WriteAllText(Path.Combine(Folder, name), content);
        return this;
    }

    public TemporaryTokenizer Without(string name)
    {
        File.Delete(Path.Combine(Folder, name));
        return this;
    }

    public ClipTokenizer Load(int? windowLength = 32) => ClipTokenizer.Load(Folder, windowLength);

    public void Dispose() => _folder.Delete(recursive: true);
}
