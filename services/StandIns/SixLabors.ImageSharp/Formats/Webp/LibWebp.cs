using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>The calls of libwebp that are used here.</summary>
internal static unsafe partial class LibWebp
{
    /// <summary>The largest width or height that the format can hold.</summary>
    public const int MaxDimension = 16383;

    private const string Library = NativeLibraries.Webp;

    static LibWebp() => NativeLibraries.Register();

    [LibraryImport(Library, EntryPoint = "WebPDecodeRGBInto")]
    public static partial byte* DecodeRgb(byte* webp, nuint length, byte* pixels, nuint pixelsLength, int stride);

    [LibraryImport(Library, EntryPoint = "WebPDecodeRGBAInto")]
    public static partial byte* DecodeRgba(byte* webp, nuint length, byte* pixels, nuint pixelsLength, int stride);

    [LibraryImport(Library, EntryPoint = "WebPEncodeRGB")]
    public static partial nuint EncodeRgb(byte* pixels, int width, int height, int stride, float quality, byte** webp);

    [LibraryImport(Library, EntryPoint = "WebPEncodeRGBA")]
    public static partial nuint EncodeRgba(byte* pixels, int width, int height, int stride, float quality, byte** webp);

    [LibraryImport(Library, EntryPoint = "WebPEncodeLosslessRGB")]
    public static partial nuint EncodeLosslessRgb(byte* pixels, int width, int height, int stride, byte** webp);

    [LibraryImport(Library, EntryPoint = "WebPEncodeLosslessRGBA")]
    public static partial nuint EncodeLosslessRgba(byte* pixels, int width, int height, int stride, byte** webp);

    [LibraryImport(Library, EntryPoint = "WebPFree")]
    public static partial void Free(byte* buffer);
}
