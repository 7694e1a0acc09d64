using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace SixLabors.ImageSharp;

/// <summary>A still image, whatever its pixel format.</summary>
public abstract partial class Image : IDisposable
{
    internal Image(Configuration configuration, ImageMetadata metadata)
    {
        Configuration = configuration;
        Metadata = metadata;
    }

    public Configuration Configuration { get; }

    public ImageMetadata Metadata { get; }

    /// <summary>Width in pixels.</summary>
    public int Width => Size.Width;

    /// <summary>Height in pixels.</summary>
    public int Height => Size.Height;

    public Size Size { get; private protected set; }

    public Rectangle Bounds => new(0, 0, Width, Height);

    /// <summary>A copy in another pixel format.</summary>
    public Image<TPixel2> CloneAs<TPixel2>()
        where TPixel2 : unmanaged, IPixel<TPixel2> => CloneAs<TPixel2>(Configuration);

    /// <inheritdoc cref="CloneAs{TPixel2}()"/>
    public abstract Image<TPixel2> CloneAs<TPixel2>(Configuration configuration)
        where TPixel2 : unmanaged, IPixel<TPixel2>;

    /// <summary>Writes the encoded image; the stream stays open.</summary>
    public void Save(Stream stream, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(encoder);
        EncodeWith(encoder, stream);
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);

    internal abstract void EncodeWith(IImageEncoder encoder, Stream stream);

    internal abstract void Apply(Action<IImageProcessingContext> operation);
}
