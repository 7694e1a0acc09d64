using System.Text.RegularExpressions;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>The commands in the README's shell blocks.</summary>
internal static partial class Readme
{
    /// <summary>The commands below a heading, each as its words: continued lines are joined, comments left out.</summary>
    public static string[][] Commands(string heading)
    {
        var text = File.ReadAllText(Path.Combine(TestFolders.Repository, "README.md"));
        var section = text.Split("\n## ").Single(s => s.StartsWith(heading + "\n", StringComparison.Ordinal));
        return
        [
            .. Blocks().Matches(section)
                .SelectMany(block => block.Groups[1].Value.Replace("\\\n", "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                .Select(Words),
        ];
    }

    private static string[] Words(string line) =>
        [.. Word().Matches(line).Select(m => m.Value).TakeWhile(w => w[0] != '#').Select(w => w.Trim('"'))];

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
