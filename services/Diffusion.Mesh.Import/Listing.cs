namespace Diffusion.Mesh.Import;

/// <summary>Long lists of names in one sentence.</summary>
internal static class Listing
{
    private const int Shown = 5;

    public static string Of(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(Shown).Select(n => $"'{n}'")) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
}
