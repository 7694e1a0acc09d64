namespace SixLabors.ImageSharp.Processing;

/// <summary>Keeps a part of the image.</summary>
public static class CropExtensions
{
    /// <summary>Keeps the top left corner.</summary>
    public static IImageProcessingContext Crop(this IImageProcessingContext source, int width, int height) =>
        source.Crop(new Rectangle(0, 0, width, height));

    /// <exception cref="ArgumentException">The rectangle is empty or not inside the image.</exception>
    public static IImageProcessingContext Crop(this IImageProcessingContext source, Rectangle cropRectangle)
    {
        ImageProcessingContext.Of(source).Crop(cropRectangle);
        return source;
    }
}
