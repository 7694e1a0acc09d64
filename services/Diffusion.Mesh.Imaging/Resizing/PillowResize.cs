namespace Diffusion.Mesh.Imaging;

/// <summary>
/// Antialiased resizing with the rounding of the Pillow library, which CLIP's and diffusers' preprocessing are defined by: horizontal pass, then
/// vertical, each rounded to 8 bits.
/// </summary>
public static class PillowResize
{
    private const int Half = 1 << (ResampleWeights.PrecisionBits - 1);

    /// <summary>Resizes to <paramref name="width"/> x <paramref name="height"/> pixels.</summary>
    public static Picture Resize(Picture picture, ResampleFilter filter, int width, int height) =>
        Resize(picture, filter, width, height, new PixelArea(0, 0, width, height));

    /// <summary>Resizes to <paramref name="width"/> x <paramref name="height"/> pixels and gives an area of that; what is outside costs nothing.</summary>
    public static Picture Resize(Picture picture, ResampleFilter filter, int width, int height, PixelArea area)
    {
        if ((width, height, area) == (picture.Width, picture.Height, new PixelArea(0, 0, width, height)))
            return picture;
        var columns = ResampleWeights.For(filter, picture.Width, width, area.X, area.Width);
        var rows = ResampleWeights.For(filter, picture.Height, height, area.Y, area.Height);
        var (from, to) = (rows[0].First, rows[^1].End);
        var (sourceStride, stride) = (3 * picture.Width, 3 * area.Width);

        var wide = new byte[stride * (to - from)];
        for (var y = from; y < to; y++)
            Across(picture.Rgb.AsSpan(y * sourceStride, sourceStride), columns, wide.AsSpan((y - from) * stride, stride));

        var result = new byte[stride * area.Height];
        var sums = new int[stride];
        for (var y = 0; y < area.Height; y++)
            Down(wide.AsSpan((rows[y].First - from) * stride), rows[y].Factors, sums, result.AsSpan(y * stride, stride));
        return new Picture(area.Width, area.Height, result);
    }

    private static void Across(ReadOnlySpan<byte> source, ResampleWeights[] columns, Span<byte> target)
    {
        for (var x = 0; x < columns.Length; x++)
        {
            var (red, green, blue) = (Half, Half, Half);
            var at = 3 * columns[x].First;
            foreach (var factor in columns[x].Factors)
            {
                red += source[at] * factor;
                green += source[at + 1] * factor;
                blue += source[at + 2] * factor;
                at += 3;
            }

            (target[3 * x], target[3 * x + 1], target[3 * x + 2]) = (ToByte(red), ToByte(green), ToByte(blue));
        }
    }

    private static void Down(ReadOnlySpan<byte> rows, int[] factors, int[] sums, Span<byte> target)
    {
        Array.Fill(sums, Half);
        for (var k = 0; k < factors.Length; k++)
        {
            var row = rows.Slice(k * sums.Length, sums.Length);
            var factor = factors[k];
            for (var i = 0; i < sums.Length; i++)
                sums[i] += row[i] * factor;
        }

        for (var i = 0; i < sums.Length; i++)
            target[i] = ToByte(sums[i]);
    }

    private static byte ToByte(int sum) => (byte)Math.Clamp(sum >> ResampleWeights.PrecisionBits, 0, 255);
}
