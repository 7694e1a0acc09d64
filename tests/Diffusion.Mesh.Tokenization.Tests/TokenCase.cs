using System.Text.Json;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Tokenization.Tests;

/// <summary>A text and the ids that the reference implementation gives it.</summary>
public sealed record TokenCase(string Text, int[] Ids)
{
    public static string ShapesFolder => Path.Combine(TestFolders.Repository, "models", "shapes", "tokenizer");

    public static TokenCase[] Read(string path) =>
        JsonSerializer.Deserialize<TokenCase[]>(File.ReadAllText(path), JsonSerializerOptions.Web)!;

    /// <summary>One row for each case. Rows hold the index alone: not every text makes a test's name.</summary>
    public static TheoryData<int> Rows(TokenCase[] cases) => [.. Enumerable.Range(0, cases.Length)];
}
