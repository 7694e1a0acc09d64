using Google.Protobuf.Reflection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Names in JSON, which are the contracts' own: fields as they stand there, enum values without their type's name and in small letters.</summary>
internal static class MessageFields
{
    /// <summary>The enum value of a name, in short (<c>png</c>) or as the contract has it (<c>IMAGE_FORMAT_PNG</c>); null for none.</summary>
    public static EnumValueDescriptor? Value(EnumDescriptor type, string name) =>
        type.Values.FirstOrDefault(v => v.Name == name || Short(type, v.Name) == name);

    /// <summary>The short names that can be asked for.</summary>
    public static IEnumerable<string> Names(EnumDescriptor type) => type.Values.Where(v => v.Number != 0).Select(v => Short(type, v.Name));

    /// <summary>The short name of a value; its number where it has none.</summary>
    public static string Name(EnumDescriptor type, int number) => type.FindValueByNumber(number) is { } value ? Short(type, value.Name) : $"{number}";

    // IMAGE_FORMAT_PNG of ImageFormat is png.
    private static string Short(EnumDescriptor type, string name)
    {
        var prefix = string.Concat(type.Name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}")) + "_";
        return (name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name).ToLowerInvariant();
    }
}
