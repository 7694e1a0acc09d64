using System.Runtime.InteropServices;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace SixLabors.ImageSharp;

/// <summary>A still image of <typeparamref name="TPixel"/>, rows from top to bottom without padding.</summary>
/// <typeparam name="TPixel">The pixel format.</typeparam>
public sealed class Image<TPixel> : Image
    where TPixel : unmanaged, IPixel<TPixel>
{
    private TPixel[]? _pixels;

    public Image(int width, int height) : this(Configuration.Default, width, height)
    {
    }

    public Image(int width, int height, TPixel backgroundColor) : this(Configuration.Default, width, height, backgroundColor)
    {
    }

    public Image(Configuration configuration, int width, int height) : this(configuration, width, height, new ImageMetadata())
    {
    }

    public Image(Configuration configuration, int width, int height, TPixel backgroundColor) : this(configuration, width, height) =>
        Pixels.Fill(backgroundColor);

    internal Image(Configuration configuration, int width, int height, ImageMetadata metadata) : base(configuration, metadata)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        Replace(new TPixel[checked(width * height)], new Size(width, height));
    }

    internal Span<TPixel> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pixels is null, this);
            return _pixels;
        }
    }

    public TPixel this[int x, int y]
    {
        get => GetRow(y)[CheckColumn(x)];
        set => GetRow(y)[CheckColumn(x)] = value;
    }

    /// <summary>Gives access to whole rows; the accessor must not outlive the call.</summary>
    public void ProcessPixelRows(PixelAccessorAction<TPixel> processPixels)
    {
        ArgumentNullException.ThrowIfNull(processPixels);
        ObjectDisposedException.ThrowIf(_pixels is null, this);
        processPixels(new PixelAccessor<TPixel>(this));
    }

    /// <summary>Copies all pixels, row after row; the destination may be longer.</summary>
    public void CopyPixelDataTo(Span<TPixel> destination) => Pixels.CopyTo(destination);

    /// <inheritdoc cref="CopyPixelDataTo(Span{TPixel})"/>
    public void CopyPixelDataTo(Span<byte> destination) => MemoryMarshal.AsBytes(Pixels).CopyTo(destination);

    /// <summary>A copy of pixels and metadata.</summary>
    public Image<TPixel> Clone() => Clone(Configuration);

    /// <inheritdoc cref="Clone()"/>
    public Image<TPixel> Clone(Configuration configuration) => CloneAs<TPixel>(configuration);

    public override Image<TPixel2> CloneAs<TPixel2>(Configuration configuration)
    {
        var clone = new Image<TPixel2>(configuration, Width, Height, Metadata.DeepClone());
        PixelConversion.Convert<TPixel, TPixel2>(Pixels, clone.Pixels);
        return clone;
    }

    internal Span<TPixel> GetRow(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return Pixels.Slice(y * Width, Width);
    }

    internal void Replace(TPixel[] pixels, Size size)
    {
        _pixels = pixels;
        Size = size;
    }

    internal override void EncodeWith(IImageEncoder encoder, Stream stream) => encoder.Encode(this, stream);

    internal override void Apply(Action<IImageProcessingContext> operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        operation(new ImageProcessingContext<TPixel>(this));
    }

    protected override void Dispose(bool disposing) => _pixels = null;

    private int CheckColumn(int x)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
        return x;
    }
}
