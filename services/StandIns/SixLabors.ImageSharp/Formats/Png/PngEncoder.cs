using System.IO.Compression;
using System.Runtime.InteropServices;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>
/// Writes eight bits a channel: grey for <c>L8</c>, RGB for <c>Rgb24</c>, RGB with alpha for <c>Rgba32</c>.
/// The same pixels, texts and options give the same bytes.
/// </summary>
public sealed class PngEncoder : ImageEncoder
{
    /// <summary>Null for <see cref="PngFilterMethod.Adaptive"/>.</summary>
    public PngFilterMethod? FilterMethod { get; init; }

    public PngCompressionLevel CompressionLevel { get; init; } = PngCompressionLevel.DefaultCompression;

    protected override void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        stream.Write(PngFile.Signature);
        var writer = new PngChunkWriter(stream);
        var channels = Marshal.SizeOf<TPixel>();
        writer.WriteHeader(image.Size, channels switch { 1 => PngColorType.Grayscale, 3 => PngColorType.Rgb, _ => PngColorType.RgbWithAlpha });
        if (!SkipMetadata)
        {
            foreach (var text in image.Metadata.GetPngMetadata().TextData)
                PngTextWriter.Write(writer, text);
        }

        WritePixels(image, writer, channels, cancellationToken);
        writer.Write(PngChunk.End, []);
    }

    private void WritePixels<TPixel>(Image<TPixel> image, PngChunkWriter writer, int channels, CancellationToken cancellationToken)
        where TPixel : unmanaged, PixelFormats.IPixel<TPixel>
    {
        var rowLength = checked(image.Width * channels);
        var selector = new PngFilterSelector(FilterMethod ?? PngFilterMethod.Adaptive, rowLength, channels);
        ReadOnlySpan<byte> above = new byte[rowLength];

        using var data = new PngDataWriter(writer);
        using var deflater = new ZLibStream(data, new ZLibCompressionOptions { CompressionLevel = (int)CompressionLevel });
        for (var y = 0; y < image.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> row = MemoryMarshal.AsBytes(image.GetRow(y));
            deflater.Write(selector.Filter(row, above));
            above = row;
        }
    }
}
