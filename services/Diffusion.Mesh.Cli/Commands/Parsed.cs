using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Diffusion.Mesh.Cli;

/// <summary>Options whose mistakes are told in words; the library would name .NET types.</summary>
internal static class Parsed
{
    /// <summary>An option with a parser of its own, which throws <see cref="FormatException"/>.</summary>
    public static Option<T> Value<T>(string name, string description, Func<string, T> parse) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            try
            {
                return parse(result.Tokens[0].Value);
            }
            catch (FormatException e)
            {
                result.AddError($"{name}: {e.Message}.");
                return default;
            }
        },
    };

    /// <summary>An optional value of an enum, by its name in small letters.</summary>
    public static Option<T?> Name<T>(string name, string description)
        where T : struct, Enum =>
        Value<T?>(name, description, text => Enum.TryParse<T>(text, ignoreCase: true, out var value) && !int.TryParse(text, out _) && !value.Equals(default(T))
            ? value
            : throw new FormatException($"'{text}' is none of {string.Join(", ", Enum.GetNames<T>()[1..].Select(n => n.ToLowerInvariant()))}"));

    /// <summary>An optional number.</summary>
    public static Option<T?> Number<T>(string name, string description)
        where T : struct, INumber<T> =>
        Value<T?>(name, description, text => T.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is not a number that it takes"));
}
