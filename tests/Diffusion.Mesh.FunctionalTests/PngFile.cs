using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>What a picture viewer sees in a PNG file.</summary>
internal sealed record PngFile(int Width, int Height, IReadOnlyDictionary<string, string> Text)
{
    public static PngFile Read(byte[] bytes)
    {
        using var picture = Image.Load<Rgb24>(bytes);
        return new PngFile(
            picture.Width, picture.Height, picture.Metadata.GetPngMetadata().TextData.ToDictionary(t => t.Keyword, t => t.Value));
    }
}
