using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>The calls of libturbojpeg (API 2) that are used here.</summary>
internal static unsafe partial class TurboJpeg
{
    public const int PixelRgb = 0;
    public const int PixelGray = 6;
    public const int PixelCmyk = 11;
    public const int Subsample444 = 0;
    public const int Subsample420 = 2;
    public const int SubsampleGray = 3;
    public const int ColorspaceCmyk = 3;
    public const int ColorspaceYcck = 4;

    /// <summary>The exact transform, and no progressive file with so many scans that it takes minutes.</summary>
    public const int Flags = 4096 | 32768;

    private const string Library = NativeLibraries.TurboJpeg;

    static TurboJpeg() => NativeLibraries.Register();

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial nint InitDecompress();

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial nint InitCompress();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    public static partial int DecompressHeader(
        nint handle, byte* jpeg, nuint length, out int width, out int height, out int subsampling, out int colorspace);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static partial int Decompress(
        nint handle, byte* jpeg, nuint length, byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static partial int Compress(
        nint handle, byte* pixels, int width, int pitch, int height, int pixelFormat,
        byte** jpeg, nuint* length, int subsampling, int quality, int flags);

    [LibraryImport(Library, EntryPoint = "tjFree")]
    public static partial void Free(byte* buffer);

    public static string LastError(nint handle) => Marshal.PtrToStringUTF8(GetError(handle)) ?? "unknown error";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint GetError(nint handle);
}
