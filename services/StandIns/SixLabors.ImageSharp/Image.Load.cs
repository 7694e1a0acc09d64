using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

public abstract partial class Image
{
    /// <summary>Decodes the first frame.</summary>
    /// <exception cref="UnknownImageFormatException">No configured format starts like this.</exception>
    /// <exception cref="InvalidImageContentException">The content is truncated, corrupt or too large.</exception>
    public static Image<TPixel> Load<TPixel>(ReadOnlySpan<byte> buffer)
        where TPixel : unmanaged, IPixel<TPixel> => Load<TPixel>(DecoderOptions.Default, buffer);

    /// <inheritdoc cref="Load{TPixel}(ReadOnlySpan{byte})"/>
    public static Image<TPixel> Load<TPixel>(DecoderOptions options, ReadOnlySpan<byte> buffer)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Configuration.FindCodec(buffer).Decode<TPixel>(options, buffer.ToArray());
    }

    /// <inheritdoc cref="Load{TPixel}(ReadOnlySpan{byte})"/>
    public static Image<TPixel> Load<TPixel>(Stream stream)
        where TPixel : unmanaged, IPixel<TPixel> => Load<TPixel>(DecoderOptions.Default, stream);

    /// <inheritdoc cref="Load{TPixel}(ReadOnlySpan{byte})"/>
    public static Image<TPixel> Load<TPixel>(DecoderOptions options, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(options);
        var encoded = EncodedBytes.ReadToEnd(stream);
        return options.Configuration.FindCodec(encoded.Span).Decode<TPixel>(options, encoded);
    }

    /// <summary>Copies raw bytes of <typeparamref name="TPixel"/>, row after row without padding.</summary>
    /// <exception cref="ArgumentException">There are fewer bytes than the dimensions need.</exception>
    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<byte> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel> =>
        LoadPixelData(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, TPixel>(data), width, height);

    /// <summary>Copies pixels, row after row without padding.</summary>
    /// <exception cref="ArgumentException">There are fewer pixels than the dimensions need.</exception>
    public static Image<TPixel> LoadPixelData<TPixel>(ReadOnlySpan<TPixel> data, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (data.Length < (long)width * height)
            throw new ArgumentException($"{width} x {height} pixels need more data than the {data.Length} pixels given.", nameof(data));

        var image = new Image<TPixel>(width, height);
        data[..image.Pixels.Length].CopyTo(image.Pixels);
        return image;
    }
}
