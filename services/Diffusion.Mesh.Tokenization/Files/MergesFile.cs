using System.Text;
using Diffusion.Mesh.Tokenization.BytePairs;

namespace Diffusion.Mesh.Tokenization.Files;

/// <summary><c>merges.txt</c>: one pair of tokens a line, the earliest merged first.</summary>
internal static class MergesFile
{
    public const string Name = "merges.txt";

    private const string Comment = "#version";

    /// <exception cref="TokenizerFormatException">A line is no pair, or the vocabulary lacks a token of it.</exception>
    public static Dictionary<(int Left, int Right), Merge> Read(string path, Dictionary<string, int> vocabulary)
    {
        var merges = new Dictionary<(int, int), Merge>(vocabulary.Count);
        var lineNumber = 0;

        // Strings, not spans: their look-ups are compiled ahead, and the file is read while the process starts.
        foreach (var line in Encoding.UTF8.GetString(TokenizerFile.ReadBytes(path)).Split('\n'))
        {
            lineNumber++;
            var pair = line.TrimEnd('\r');
            if (pair.Length == 0 || pair.StartsWith(Comment, StringComparison.Ordinal))
                continue;

            var space = pair.IndexOf(' ');
            if (space < 0 || pair.IndexOf(' ', space + 1) >= 0)
                throw new TokenizerFormatException(path, $"line {lineNumber} is not two tokens with one space between them");
            merges[(Id(pair[..space]), Id(pair[(space + 1)..]))] = new Merge(lineNumber, Id(pair.Remove(space, 1)));
        }

        return merges;

        int Id(string token) => vocabulary.TryGetValue(token, out var id)
            ? id
            : throw new TokenizerFormatException(
                path, $"line {lineNumber} needs the token '{token}', which {VocabularyFile.Name} lacks");
    }
}
