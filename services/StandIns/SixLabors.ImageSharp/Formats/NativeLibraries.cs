using System.Reflection;
using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.Formats;

/// <summary>Finds the system's image libraries, at the first call into them and not before.</summary>
internal static class NativeLibraries
{
    public const string TurboJpeg = "libturbojpeg.so.0";
    public const string Webp = "libwebp.so.7";

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>Makes the names known; the first call does it.</summary>
    public static void Register()
    {
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        var (format, package) = name == TurboJpeg ? ("JPEG", "libturbojpeg0") : ("WebP", "libwebp7");
        return NativeLibrary.TryLoad(name, assembly, searchPath, out var handle)
            ? handle
            : throw new DllNotFoundException($"{format} images need {name}, which was not found. Install it (Debian: apt-get install {package}).");
    }
}
