namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The pixels that one pass of a file holds: from an offset, every so many columns and rows.</summary>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY)
{
    private static readonly PngPass[] Adam7 =
        [new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)];

    private static readonly PngPass[] Whole = [new(0, 0, 1, 1)];

    /// <summary>The passes of a file in order; one without pixels has no rows in the file.</summary>
    public static IEnumerable<PngPass> Of(PngHeader header) =>
        (header.Interlace == PngInterlaceMode.Adam7 ? Adam7 : Whole).Where(pass => pass.X < header.Width && pass.Y < header.Height);

    public int Columns(PngHeader header) => (int)(((long)header.Width - X + StepX - 1) / StepX);

    public int Rows(PngHeader header) => (int)(((long)header.Height - Y + StepY - 1) / StepY);

    /// <summary>Bytes of the pass when inflated.</summary>
    public decimal Length(PngHeader header) => (decimal)Rows(header) * (header.RowLength(Columns(header)) + 1);
}
