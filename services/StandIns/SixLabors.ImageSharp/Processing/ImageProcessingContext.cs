using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing;

/// <summary>The context of any pixel format, as the operations see it.</summary>
internal abstract class ImageProcessingContext : IImageProcessingContext
{
    public abstract Configuration Configuration { get; }

    public abstract Size GetCurrentSize();

    /// <summary>Replaces the image by a canvas that holds the source, scaled to fill <see cref="ResizePlan.Target"/>.</summary>
    public abstract void Resize(ResizePlan plan, ResizeOptions options);

    public abstract void Crop(Rectangle rectangle);

    public static ImageProcessingContext Of(IImageProcessingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (ImageProcessingContext)context;
    }
}

/// <summary>Works on the pixels of one image, in place.</summary>
internal sealed class ImageProcessingContext<TPixel>(Image<TPixel> image) : ImageProcessingContext
    where TPixel : unmanaged, IPixel<TPixel>
{
    public override Configuration Configuration => image.Configuration;

    public override Size GetCurrentSize() => image.Size;

    public override void Resize(ResizePlan plan, ResizeOptions options)
    {
        if (plan.Canvas == image.Size && plan.Target == image.Bounds)
            return;

        var canvas = new TPixel[checked(plan.Canvas.Width * plan.Canvas.Height)];
        if (options.PadColor != default)
            Array.Fill(canvas, options.PadColor.ToPixel<TPixel>());

        if (options.Sampler is NearestNeighborResampler)
            NearestNeighborResize.Run(image, plan, canvas);
        else
            SeparableResize.Run(image, plan, options.Sampler, canvas);
        image.Replace(canvas, plan.Canvas);
    }

    public override void Crop(Rectangle rectangle)
    {
        if (rectangle.Width <= 0 || rectangle.Height <= 0 || !image.Bounds.Contains(rectangle))
            throw new ArgumentException("Crop rectangle should be smaller than the source bounds.", nameof(rectangle));

        var cropped = new TPixel[rectangle.Width * rectangle.Height];
        for (var y = 0; y < rectangle.Height; y++)
        {
            image.GetRow(rectangle.Y + y).Slice(rectangle.X, rectangle.Width)
                .CopyTo(cropped.AsSpan(y * rectangle.Width));
        }

        image.Replace(cropped, rectangle.Size);
    }
}
