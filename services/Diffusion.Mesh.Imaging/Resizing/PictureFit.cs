namespace Diffusion.Mesh.Imaging;

/// <summary>How a picture is brought to a size of other proportions.</summary>
public enum FitMode
{
    /// <summary>The proportions change.</summary>
    Stretch,

    /// <summary>What stands out is cut off, evenly on both sides.</summary>
    Crop,

    /// <summary>The rest is filled with the edges' colours, evenly on both sides.</summary>
    Pad,
}

/// <summary>Brings pictures to a size: Lanczos with antialiasing, and the geometry of diffusers' VaeImageProcessor.</summary>
public static class PictureFit
{
    /// <summary>The picture with <paramref name="width"/> x <paramref name="height"/> pixels.</summary>
    public static Picture Fit(Picture picture, int width, int height, FitMode mode)
    {
        if (mode == FitMode.Stretch)
            return PillowResize.Resize(picture, ResampleFilter.Lanczos, width, height);

        var (scaledWidth, scaledHeight) = Scaled(picture, width, height, mode);
        var (left, top) = (width / 2 - scaledWidth / 2, height / 2 - scaledHeight / 2);
        if (mode == FitMode.Crop)
            return PillowResize.Resize(picture, ResampleFilter.Lanczos, scaledWidth, scaledHeight, new PixelArea(-left, -top, width, height));
        var scaled = PillowResize.Resize(picture, ResampleFilter.Lanczos, scaledWidth, scaledHeight);
        return new PictureMargins(left, top, width - scaledWidth - left, height - scaledHeight - top).AddTo(scaled);
    }

    // The whole picture in its own proportions: one side as wished, the other beyond the wish (crop) or within it (pad).
    private static (int Width, int Height) Scaled(Picture picture, int width, int height, FitMode mode)
    {
        var isWider = ((long)width * picture.Height).CompareTo((long)height * picture.Width);
        var takesWidth = mode == FitMode.Crop ? isWider > 0 : isWider < 0;
        return takesWidth
            ? (width, Side(picture.Height, width, picture.Width))
            : (Side(picture.Width, height, picture.Height), height);
    }

    private static int Side(int side, int wished, int other) => (int)Math.Clamp((long)side * wished / other, 1, int.MaxValue);
}
