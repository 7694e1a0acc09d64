using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The comments of the contracts, which are part of the program as they stand: each message, field and enum has one above it.</summary>
internal static partial class ProtoComments
{
    private const string Prefix = "protos/";

    private static readonly FrozenDictionary<string, string> Comments = Read().ToFrozenDictionary(c => c.Name, c => c.Text, StringComparer.Ordinal);

    /// <summary>The comment of a message or enum (<c>Job</c>), or of a field (<c>Job.id</c>); empty where there is none.</summary>
    public static string Of(string name) => Comments.GetValueOrDefault(name, "");

    private static IEnumerable<(string Name, string Text)> Read()
    {
        var assembly = typeof(ProtoComments).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            foreach (var comment in Read(reader.ReadToEnd()))
                yield return comment;
        }
    }

    // The contracts have no type inside another, but for a oneof in a message.
    private static IEnumerable<(string Name, string Text)> Read(string text)
    {
        var (above, type) = (new List<string>(), "");
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith("//", StringComparison.Ordinal))
            {
                above.Add(line[2..].Trim());
                continue;
            }

            if (TypeName().Match(line) is { Success: true } begun)
                yield return (type = begun.Groups[1].Value, string.Join(' ', above));
            else if (FieldName().Match(line) is { Success: true } field)
                yield return ($"{type}.{field.Groups[1].Value}", string.Join(' ', above));
            above.Clear();
        }
    }

    [GeneratedRegex(@"^(?:message|enum) (\w+) \{")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"(\w+) = \d+;$")]
    private static partial Regex FieldName();
}
