namespace SixLabors.ImageSharp.Processing;

/// <summary>Puts the image in the middle of a larger one.</summary>
public static class PadExtensions
{
    /// <summary>Pads with transparent black, which is black where the pixel format has no alpha.</summary>
    public static IImageProcessingContext Pad(this IImageProcessingContext source, int width, int height) =>
        source.Pad(width, height, default);

    public static IImageProcessingContext Pad(this IImageProcessingContext source, int width, int height, Color color) =>
        source.Resize(new ResizeOptions
        {
            Size = new Size(width, height),
            Mode = ResizeMode.BoxPad,
            Sampler = KnownResamplers.NearestNeighbor,
            PadColor = color,
        });
}
