using SixLabors.ImageSharp.Formats;

namespace SixLabors.ImageSharp;

public abstract partial class Image
{
    /// <summary>Reads dimensions and metadata from the headers; no pixel is decoded and no memory for pixels is taken.</summary>
    /// <exception cref="UnknownImageFormatException">No configured format starts like this.</exception>
    /// <exception cref="InvalidImageContentException">The header is truncated or corrupt.</exception>
    public static ImageInfo Identify(ReadOnlySpan<byte> buffer) => Identify(DecoderOptions.Default, buffer);

    /// <inheritdoc cref="Identify(ReadOnlySpan{byte})"/>
    public static ImageInfo Identify(DecoderOptions options, ReadOnlySpan<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Configuration.FindCodec(buffer).Identify(options, buffer);
    }

    /// <inheritdoc cref="Identify(ReadOnlySpan{byte})"/>
    public static ImageInfo Identify(Stream stream) => Identify(DecoderOptions.Default, stream);

    /// <inheritdoc cref="Identify(ReadOnlySpan{byte})"/>
    public static ImageInfo Identify(DecoderOptions options, Stream stream) =>
        Identify(options, EncodedBytes.ReadToEnd(stream).Span);

    /// <summary>Tells the format from the first bytes.</summary>
    /// <exception cref="UnknownImageFormatException">No configured format starts like this.</exception>
    public static IImageFormat DetectFormat(ReadOnlySpan<byte> buffer) => DetectFormat(DecoderOptions.Default, buffer);

    /// <inheritdoc cref="DetectFormat(ReadOnlySpan{byte})"/>
    public static IImageFormat DetectFormat(DecoderOptions options, ReadOnlySpan<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Configuration.FindCodec(buffer).Format;
    }
}
