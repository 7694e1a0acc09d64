namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The colour type of IHDR: bit 0 palette, bit 1 colour, bit 2 alpha.</summary>
public enum PngColorType : byte
{
    Grayscale = 0,
    Rgb = 2,
    Palette = 3,
    GrayscaleWithAlpha = 4,
    RgbWithAlpha = 6,
}

/// <summary>Bits of one sample, or of one palette index.</summary>
public enum PngBitDepth : byte
{
    Bit1 = 1,
    Bit2 = 2,
    Bit4 = 4,
    Bit8 = 8,
    Bit16 = 16,
}

/// <summary>The order of the pixels in the file.</summary>
public enum PngInterlaceMode : byte
{
    None = 0,
    Adam7 = 1,
}

/// <summary>How rows are predicted before they are compressed.</summary>
public enum PngFilterMethod
{
    None,
    Sub,
    Up,
    Average,
    Paeth,

    /// <summary>For each row the filter whose output has the least sum of absolute differences.</summary>
    Adaptive,
}

/// <summary>How hard zlib tries.</summary>
public enum PngCompressionLevel
{
    Level0 = 0,
    NoCompression = Level0,
    Level1 = 1,
    BestSpeed = Level1,
    Level2 = 2,
    Level3 = 3,
    Level4 = 4,
    Level5 = 5,
    Level6 = 6,
    DefaultCompression = Level6,
    Level7 = 7,
    Level8 = 8,
    Level9 = 9,
    BestCompression = Level9,
}
