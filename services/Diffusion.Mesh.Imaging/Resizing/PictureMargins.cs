namespace Diffusion.Mesh.Imaging;

/// <summary>Pixels on each side of a picture, 0 or more.</summary>
public readonly record struct PictureMargins(int Left, int Top, int Right, int Bottom)
{
    /// <summary>True when there is none on any side.</summary>
    public bool IsEmpty => (Left | Top | Right | Bottom) == 0;

    /// <summary>Adds them to a picture, in the colours of its edges.</summary>
    public Picture AddTo(Picture picture)
    {
        if (IsEmpty)
            return picture;
        var (width, height) = (picture.Width + Left + Right, picture.Height + Top + Bottom);
        var rgb = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            var source = picture.Rgb.AsSpan(3 * picture.Width * Math.Clamp(y - Top, 0, picture.Height - 1), 3 * picture.Width);
            var row = rgb.AsSpan(3 * width * y, 3 * width);
            Fill(row[..(3 * Left)], source[..3]);
            source.CopyTo(row[(3 * Left)..]);
            Fill(row[(3 * (Left + picture.Width))..], source[^3..]);
        }

        return new Picture(width, height, rgb);
    }

    private static void Fill(Span<byte> row, ReadOnlySpan<byte> colour)
    {
        for (var i = 0; i < row.Length; i += 3)
            colour.CopyTo(row[i..]);
    }
}
