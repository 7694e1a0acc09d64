using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;

namespace SixLabors.ImageSharp;

/// <summary>Saves to a stream, which stays open.</summary>
public static class ImageExtensions
{
    public static void SaveAsPng(this Image source, Stream stream) => source.SaveAsPng(stream, null);

    public static void SaveAsPng(this Image source, Stream stream, PngEncoder? encoder) => source.Save(stream, encoder ?? new PngEncoder());

    public static void SaveAsJpeg(this Image source, Stream stream) => source.SaveAsJpeg(stream, null);

    public static void SaveAsJpeg(this Image source, Stream stream, JpegEncoder? encoder) => source.Save(stream, encoder ?? new JpegEncoder());

    public static void SaveAsWebp(this Image source, Stream stream) => source.SaveAsWebp(stream, null);

    public static void SaveAsWebp(this Image source, Stream stream, WebpEncoder? encoder) => source.Save(stream, encoder ?? new WebpEncoder());
}
