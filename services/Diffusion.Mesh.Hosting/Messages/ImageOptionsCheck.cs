using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Hosting;

/// <summary>Checks how a picture file is asked for; the orchestrator does it for its clients, the VAE for its callers.</summary>
public static class ImageOptionsCheck
{
    private const int MaxTextBytes = 64 << 10;

    /// <summary>Everything wrong with the options, below <paramref name="field"/>.</summary>
    public static IEnumerable<FieldProblem> Problems(ImageOptions options, string field)
    {
        if (!Enum.IsDefined(options.Format))
            yield return new($"{field}.format", "It must be PNG, JPEG or WEBP.");
        if (options.Quality > 100)
            yield return new($"{field}.quality", "It must be 1 to 100, or 0 for the default.");
        if (options.Text.Keys.Any(k => k.Length is 0 or > 79 || k.Trim() != k || k.Any(c => c is < ' ' or > '\u00ff' or (>= '\u007f' and <= '\u00a0'))))
            yield return new($"{field}.text", "Keys must have 1 to 79 printable Latin-1 characters, without spaces at either end.");
        if (options.Text.Sum(t => t.Key.Length + t.Value.Length) > MaxTextBytes)
            yield return new($"{field}.text", $"All keys and values together must have at most {MaxTextBytes} characters.");
    }
}
