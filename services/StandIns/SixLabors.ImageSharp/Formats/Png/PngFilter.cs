namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The five row filters. A row predicts each byte from the pixel on the left, the row above, or both.</summary>
internal static class PngFilter
{
    /// <summary>Undoes the filter of a row in place.</summary>
    /// <param name="filter">The filter byte of the row.</param>
    /// <param name="row">The filtered row; becomes the plain row.</param>
    /// <param name="above">The plain row above; zeros for the first row.</param>
    /// <param name="stride">Bytes of a pixel, at least 1.</param>
    public static void Undo(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int stride)
    {
        above = above[..row.Length];
        switch ((PngFilterMethod)filter)
        {
            case PngFilterMethod.None:
                break;
            case PngFilterMethod.Sub:
                for (var i = stride; i < row.Length; i++)
                    row[i] += row[i - stride];
                break;
            case PngFilterMethod.Up:
                for (var i = 0; i < row.Length; i++)
                    row[i] += above[i];
                break;
            case PngFilterMethod.Average:
                for (var i = 0; i < row.Length; i++)
                    row[i] += (byte)(((i < stride ? 0 : row[i - stride]) + above[i]) >> 1);
                break;
            case PngFilterMethod.Paeth:
                for (var i = 0; i < Math.Min(stride, row.Length); i++)
                    row[i] += above[i];
                for (var i = stride; i < row.Length; i++)
                    row[i] += Paeth(row[i - stride], above[i], above[i - stride]);
                break;
            default:
                throw new InvalidImageContentException($"PNG Image contains an unknown row filter {filter}.");
        }
    }

    /// <summary>Of left, above and above left, the one nearest to left + above - above left.</summary>
    public static byte Paeth(byte left, byte above, byte aboveLeft)
    {
        var toLeft = Math.Abs(above - aboveLeft);
        var toAbove = Math.Abs(left - aboveLeft);
        var toAboveLeft = Math.Abs(left + above - aboveLeft - aboveLeft);
        return toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
