using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>Works on the rows of an image.</summary>
/// <typeparam name="TPixel">The pixel format.</typeparam>
public delegate void PixelAccessorAction<TPixel>(PixelAccessor<TPixel> pixelAccessor)
    where TPixel : unmanaged, IPixel<TPixel>;

/// <summary>The rows of an image during <see cref="Image{TPixel}.ProcessPixelRows"/>.</summary>
/// <typeparam name="TPixel">The pixel format.</typeparam>
public readonly ref struct PixelAccessor<TPixel>
    where TPixel : unmanaged, IPixel<TPixel>
{
    private readonly Image<TPixel> _image;

    internal PixelAccessor(Image<TPixel> image) => _image = image;

    public int Width => _image.Width;

    public int Height => _image.Height;

    /// <summary>Row <paramref name="rowIndex"/>, counted from the top.</summary>
    public Span<TPixel> GetRowSpan(int rowIndex) => _image.GetRow(rowIndex);
}
