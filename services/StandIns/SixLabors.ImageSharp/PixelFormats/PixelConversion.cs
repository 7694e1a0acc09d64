using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>Whole rows from one pixel format to another.</summary>
internal static class PixelConversion
{
    public static void Convert<TFrom, TTo>(ReadOnlySpan<TFrom> source, Span<TTo> destination)
        where TFrom : unmanaged, IPixel<TFrom>
        where TTo : unmanaged, IPixel<TTo>
    {
        if (typeof(TFrom) == typeof(TTo))
        {
            MemoryMarshal.Cast<TFrom, TTo>(source).CopyTo(destination);
            return;
        }

        Rgba32 pixel = default;
        for (var i = 0; i < source.Length; i++)
        {
            source[i].ToRgba32(ref pixel);
            destination[i].FromRgba32(pixel);
        }
    }
}
