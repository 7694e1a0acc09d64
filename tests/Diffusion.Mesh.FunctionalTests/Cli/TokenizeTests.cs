using System.Text.Json;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary><c>mesh tokenize</c>.</summary>
public sealed class TokenizeTests
{
    // A process for each text: a few of them stand for all, which the tokenizer's own tests go through.
    private const int Sample = 4;

    [Fact]
    public async Task Tokenize_ModelFolder_PrintsIdsOfTransformers()
    {
        foreach (var (text, ids) in Cases("shapes_tokens.json"))
            Assert.Equal(ids, await TokenizeAsync(Path.Combine("models", "shapes"), text));
    }

    [SharedFact]
    [Trait("Category", "Shared")]
    public async Task Tokenize_TokenizerFolder_PrintsIdsOfTransformers()
    {
        foreach (var (text, ids) in Cases("clip_tokens.json"))
            Assert.Equal(ids, await TokenizeAsync(Path.Combine(TestFolders.Shared, "goldens", "clip-tokenizer"), text));
    }

    [Fact]
    public async Task Tokenize_FolderWithoutTokenizer_Exit2NamingTheFile()
    {
        var result = await Mesh.RunAsync("tokenize", "--model", "docs-of-nobody", "a red circle");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("docs-of-nobody", result.Error);
        Assert.Empty(result.Output);
    }

    private static async Task<int[]> TokenizeAsync(string folder, string text) =>
        JsonSerializer.Deserialize<int[]>((await Mesh.RunAsync("tokenize", "--model", folder, "--", text)).Succeeded().Output)!;

    // Texts that a command line can carry as they are.
    private static IEnumerable<TokenCase> Cases(string file)
    {
        var cases = JsonSerializer.Deserialize<TokenCase[]>(File.ReadAllText(Path.Combine(TestFolders.Goldens, file)), JsonSerializerOptions.Web)!;
        return cases.Where(c => c.Text.Length > 0 && !c.Text.Any(char.IsControl)).DistinctBy(c => c.Text.Length % Sample);
    }

    private sealed record TokenCase(string Text, int[] Ids);
}
