namespace SixLabors.ImageSharp.Processing;

/// <summary>Where a resized image lies on its canvas.</summary>
/// <param name="Canvas">The size of the result.</param>
/// <param name="Target">What the whole source is scaled to; may stick out of the canvas.</param>
internal readonly record struct ResizePlan(Size Canvas, Rectangle Target)
{
    public static ResizePlan For(Size source, ResizeOptions options)
    {
        var size = Complete(source, options.Size);
        return options.Mode switch
        {
            ResizeMode.Crop => Crop(source, size, options.Position),
            ResizeMode.Pad => Pad(source, size, options.Position),
            ResizeMode.BoxPad => BoxPad(source, size, options.Position),
            ResizeMode.Max => Whole(FitInside(source, size)),
            ResizeMode.Min => Whole(Min(source, size)),
            _ => Whole(size),
        };
    }

    private static Size Complete(Size source, Size size)
    {
        if (size.Width < 0 || size.Height < 0 || (size.Width == 0 && size.Height == 0))
            throw new ArgumentException($"Target width {size.Width} and height {size.Height} must be greater than zero.");

        return size switch
        {
            { Width: 0 } => new Size(AtLeastOne(source.Width * (size.Height / (float)source.Height)), size.Height),
            { Height: 0 } => new Size(size.Width, AtLeastOne(source.Height * (size.Width / (float)source.Width))),
            _ => size,
        };
    }

    private static ResizePlan Whole(Size size) => new(size, new Rectangle(default, size));

    private static ResizePlan Crop(Size source, Size size, AnchorPositionMode position)
    {
        var (ratioX, ratioY) = Ratios(source, size);
        var target = ratioY < ratioX
            ? new Size(size.Width, (int)MathF.Ceiling(source.Height * ratioX))
            : new Size((int)MathF.Ceiling(source.Width * ratioY), size.Height);
        return new ResizePlan(size, Place(target, size, position));
    }

    private static ResizePlan Pad(Size source, Size size, AnchorPositionMode position) =>
        new(size, Place(FitInside(source, size), size, position));

    private static ResizePlan BoxPad(Size source, Size size, AnchorPositionMode position) =>
        source.Width < size.Width && source.Height < size.Height
            ? new ResizePlan(size, Place(source, size, position))
            : Pad(source, size, position);

    private static Size FitInside(Size source, Size size)
    {
        var (ratioX, ratioY) = Ratios(source, size);
        return ratioY < ratioX
            ? new Size(AtLeastOne(source.Width * ratioY), size.Height)
            : new Size(size.Width, AtLeastOne(source.Height * ratioX));
    }

    private static Size Min(Size source, Size size)
    {
        if (size.Width > source.Width || size.Height > source.Height)
            return source;

        var (ratioX, ratioY) = Ratios(source, size);
        return ratioY < ratioX
            ? new Size(size.Width, AtLeastOne(source.Height * ratioX))
            : new Size(AtLeastOne(source.Width * ratioY), size.Height);
    }

    private static (float X, float Y) Ratios(Size source, Size size) =>
        (MathF.Abs(size.Width / (float)source.Width), MathF.Abs(size.Height / (float)source.Height));

    private static Rectangle Place(Size target, Size canvas, AnchorPositionMode position)
    {
        var (spareX, spareY) = (canvas.Width - target.Width, canvas.Height - target.Height);
        var x = position switch
        {
            AnchorPositionMode.Left or AnchorPositionMode.TopLeft or AnchorPositionMode.BottomLeft => 0,
            AnchorPositionMode.Right or AnchorPositionMode.TopRight or AnchorPositionMode.BottomRight => spareX,
            _ => (int)MathF.Round(spareX / 2f),
        };
        var y = position switch
        {
            AnchorPositionMode.Top or AnchorPositionMode.TopLeft or AnchorPositionMode.TopRight => 0,
            AnchorPositionMode.Bottom or AnchorPositionMode.BottomLeft or AnchorPositionMode.BottomRight => spareY,
            _ => (int)MathF.Round(spareY / 2f),
        };
        return new Rectangle(new Point(x, y), target);
    }

    private static int AtLeastOne(float length) => Math.Max(1, (int)MathF.Round(length));
}
