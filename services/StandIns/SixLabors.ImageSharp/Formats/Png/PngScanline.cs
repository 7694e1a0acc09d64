using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Turns a plain row of any colour type and depth into eight-bit pixels.</summary>
internal sealed class PngScanline
{
    private readonly PngHeader _header;
    private readonly Rgba32[] _palette = [];

    // The one colour that tRNS makes transparent, as it stands in the file.
    private readonly (int R, int G, int B)? _transparent;

    public PngScanline(PngFile png, ReadOnlySpan<byte> file)
    {
        _header = png.Header;
        if (_header.ColorType == PngColorType.Palette)
        {
            var colors = png.Palette ?? throw new InvalidImageContentException("PNG Image does not contain a palette chunk.");
            _palette = ReadPalette(colors.Content(file), png.Transparency is { } alpha ? alpha.Content(file) : []);
        }
        else if (png.Transparency is { } chunk)
        {
            _transparent = ReadTransparent(chunk.Content(file));
        }
    }

    public void Convert(ReadOnlySpan<byte> row, Span<Rgba32> pixels)
    {
        switch (_header.ColorType, _header.BitDepth)
        {
            case (PngColorType.Palette, _):
                for (var x = 0; x < pixels.Length; x++)
                    pixels[x] = FromPalette(Packed(row, x));
                break;
            case (PngColorType.Grayscale, PngBitDepth.Bit16):
                for (var x = 0; x < pixels.Length; x++)
                    pixels[x] = Gray(Wide(row, x), To8Bits(Wide(row, x)));
                break;
            case (PngColorType.Grayscale, _):
                var scale = 255 / ((1 << (int)_header.BitDepth) - 1);
                for (var x = 0; x < pixels.Length; x++)
                    pixels[x] = Gray(Packed(row, x), (byte)(Packed(row, x) * scale));
                break;
            case (_, PngBitDepth.Bit16):
                ConvertWide(row, pixels);
                break;
            default:
                ConvertBytes(row, pixels);
                break;
        }
    }

    private void ConvertBytes(ReadOnlySpan<byte> row, Span<Rgba32> pixels)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            pixels[x] = _header.ColorType switch
            {
                PngColorType.Rgb => Rgb((row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]), row[3 * x], row[(3 * x) + 1], row[(3 * x) + 2]),
                PngColorType.GrayscaleWithAlpha => new Rgba32(row[2 * x], row[2 * x], row[2 * x], row[(2 * x) + 1]),
                _ => new Rgba32(row[4 * x], row[(4 * x) + 1], row[(4 * x) + 2], row[(4 * x) + 3]),
            };
        }
    }

    private void ConvertWide(ReadOnlySpan<byte> row, Span<Rgba32> pixels)
    {
        for (var x = 0; x < pixels.Length; x++)
        {
            if (_header.ColorType == PngColorType.GrayscaleWithAlpha)
            {
                var gray = To8Bits(Wide(row, 2 * x));
                pixels[x] = new Rgba32(gray, gray, gray, To8Bits(Wide(row, (2 * x) + 1)));
                continue;
            }

            var channels = _header.ColorType == PngColorType.Rgb ? 3 : 4;
            var (r, g, b) = (Wide(row, channels * x), Wide(row, (channels * x) + 1), Wide(row, (channels * x) + 2));
            pixels[x] = Rgb((r, g, b), To8Bits(r), To8Bits(g), To8Bits(b));
            if (channels == 4)
                pixels[x].A = To8Bits(Wide(row, (4 * x) + 3));
        }
    }

    private Rgba32 FromPalette(int index) => index < _palette.Length
        ? _palette[index]
        : throw new InvalidImageContentException("PNG Image contains a pixel outside its palette.");

    private Rgba32 Gray(int sample, byte gray) => new(gray, gray, gray, _transparent?.R == sample ? (byte)0 : (byte)255);

    private Rgba32 Rgb((int R, int G, int B) sample, byte r, byte g, byte b) => new(r, g, b, _transparent == sample ? (byte)0 : (byte)255);

    /// <summary>Sample <paramref name="x"/> of 1 to 8 bits; the leftmost is in the highest bits.</summary>
    private int Packed(ReadOnlySpan<byte> row, int x)
    {
        var depth = (int)_header.BitDepth;
        var bit = (long)x * depth;
        return (row[(int)(bit >> 3)] >> (8 - depth - (int)(bit & 7))) & ((1 << depth) - 1);
    }

    private static int Wide(ReadOnlySpan<byte> row, int sample) => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * sample)..]);

    /// <summary>Rounds to the nearest of 256 levels; the high byte alone would be too dark by up to one level.</summary>
    private static byte To8Bits(int sample) => (byte)(((sample * 255) + 32895) >> 16);

    private static Rgba32[] ReadPalette(ReadOnlySpan<byte> colors, ReadOnlySpan<byte> alphas)
    {
        if (colors.Length is 0 or > 768 || colors.Length % 3 != 0)
            throw new InvalidImageContentException("PNG Image contains a malformed palette.");

        var palette = new Rgba32[colors.Length / 3];
        for (var i = 0; i < palette.Length; i++)
            palette[i] = new Rgba32(colors[3 * i], colors[(3 * i) + 1], colors[(3 * i) + 2], i < alphas.Length ? alphas[i] : (byte)255);
        return palette;
    }

    private (int R, int G, int B)? ReadTransparent(ReadOnlySpan<byte> content) => _header.ColorType switch
    {
        PngColorType.Grayscale when content.Length >= 2 => (Wide(content, 0), 0, 0),
        PngColorType.Rgb when content.Length >= 6 => (Wide(content, 0), Wide(content, 1), Wide(content, 2)),
        _ => null,
    };
}
