namespace Diffusion.Mesh.Imaging;

/// <summary>Which pixels of a picture are painted anew.</summary>
/// <param name="width">Pixels.</param>
/// <param name="height">Pixels.</param>
/// <param name="painted">For each pixel, row by row, whether it is.</param>
public sealed class PictureMask(int width, int height, bool[] painted)
{
    /// <summary>Pixels.</summary>
    public int Width => width;

    /// <summary>Pixels.</summary>
    public int Height => height;

    /// <summary>Whether a pixel is painted anew.</summary>
    public bool this[int x, int y] => painted[y * width + x];

    /// <summary>The pixels of a picture that are at least half bright.</summary>
    /// <param name="inverted">The others instead.</param>
    public static PictureMask FromPicture(Picture picture, bool inverted = false)
    {
        var painted = new bool[picture.Width * picture.Height];
        for (var i = 0; i < painted.Length; i++)
            painted[i] = picture.Luminance(i) >= 128 != inverted;
        return new PictureMask(picture.Width, picture.Height, painted);
    }

    /// <summary>A mask of nothing.</summary>
    public static PictureMask Empty(int width, int height) => new(width, height, new bool[width * height]);

    /// <summary>The mask of a picture that got margins: they are painted anew.</summary>
    public PictureMask WithMargins(PictureMargins margins)
    {
        if (margins.IsEmpty)
            return this;
        var (wide, high) = (width + margins.Left + margins.Right, height + margins.Top + margins.Bottom);
        var pixels = new bool[wide * high];
        Array.Fill(pixels, true);
        for (var y = 0; y < height; y++)
            painted.AsSpan(y * width, width).CopyTo(pixels.AsSpan((y + margins.Top) * wide + margins.Left));
        return new PictureMask(wide, high, pixels);
    }

    /// <summary>The mask over latents, [height / scale, width / scale]: 1 where painted anew. Of a latent's pixels the first counts, as in torch's nearest.</summary>
    /// <param name="scale">Pixels per latent, each way; divides both sides.</param>
    public float[] ToLatents(int scale)
    {
        var (columns, rows) = (width / scale, height / scale);
        var latents = new float[columns * rows];
        for (var i = 0; i < latents.Length; i++)
            latents[i] = this[i % columns * scale, i / columns * scale] ? 1 : 0;
        return latents;
    }

    /// <summary>Planes of the picture, [channels, height, width] in -1 to 1, with what is painted anew greyed out.</summary>
    public float[] Grey(float[] planes)
    {
        var size = width * height;
        var grey = new float[planes.Length];
        for (var i = 0; i < planes.Length; i++)
            grey[i] = painted[i % size] ? 0 : planes[i];
        return grey;
    }

    /// <summary>One picture of two: <paramref name="anew"/> where the mask is, <paramref name="kept"/> elsewhere; all three of one size.</summary>
    public Picture Compose(Picture kept, Picture anew)
    {
        var rgb = (byte[])kept.Rgb.Clone();
        for (var i = 0; i < painted.Length; i++)
        {
            if (painted[i])
                anew.Rgb.AsSpan(3 * i, 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return new Picture(width, height, rgb);
    }
}
