using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Reads PNG (ISO/IEC 15948), every colour type and depth, in managed code.</summary>
internal sealed class PngCodec : ImageCodec
{
    /// <summary>Deflate cannot shrink anything further than this, so fewer bytes cannot hold the pixels.</summary>
    private const int MaxDeflateRatio = 1032;

    public override IImageFormat Format => PngFormat.Instance;

    public override bool Matches(ReadOnlySpan<byte> encoded) => encoded.StartsWith(PngFile.Signature);

    public override ImageInfo Identify(DecoderOptions options, ReadOnlySpan<byte> encoded)
    {
        var png = PngFile.Parse(encoded, forPixels: false, options.SkipMetadata);
        var frames = Enumerable.Range(0, (int)Math.Min(png.FrameCount, options.MaxFrames)).Select(_ => new ImageFrameMetadata()).ToArray();
        return new ImageInfo(
            new PixelTypeInfo(png.Header.BitsPerPixel), new Size(png.Header.Width, png.Header.Height), ReadMetadata(png), frames);
    }

    public override Image<TPixel> Decode<TPixel>(DecoderOptions options, ReadOnlyMemory<byte> encoded)
    {
        var png = PngFile.Parse(encoded.Span, forPixels: true, options.SkipMetadata);
        var header = png.Header;
        var scanline = new PngScanline(png, encoded.Span);
        CheckDataCanSuffice(png);
        var image = Allocate<TPixel>(options, new Size(header.Width, header.Height), ReadMetadata(png));

        using var rows = new PngRowReader(new PngDataStream(encoded, png.Data), header);
        var rgba = new Rgba32[header.Width];
        foreach (var pass in PngPass.Of(header))
        {
            var columns = rgba.AsSpan(0, pass.Columns(header));
            rows.StartPass();
            for (var y = pass.Y; y < header.Height; y += pass.StepY)
            {
                scanline.Convert(rows.Read((int)header.RowLength(columns.Length)), columns);
                Scatter(columns, image.GetRow(y), pass);
            }
        }

        rows.Finish();
        return image;
    }

    private static void Scatter<TPixel>(ReadOnlySpan<Rgba32> source, Span<TPixel> row, PngPass pass)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (pass.StepX == 1)
        {
            PixelConversion.Convert(source, row);
            return;
        }

        for (var i = 0; i < source.Length; i++)
            row[pass.X + (i * pass.StepX)].FromRgba32(source[i]);
    }

    private static void CheckDataCanSuffice(PngFile png)
    {
        var needed = PngPass.Of(png.Header).Sum(pass => pass.Length(png.Header));
        var available = (decimal)png.Data.Sum(chunk => (long)chunk.Length) * MaxDeflateRatio;
        if (available < needed)
            throw new InvalidImageContentException("PNG Image contains too little data for its dimensions.");
        if (png.Header.RowLength(png.Header.Width) >= Array.MaxLength)
            throw new InvalidImageContentException("PNG Image is too wide to decode.");
    }

    private ImageMetadata ReadMetadata(PngFile png)
    {
        var metadata = NewMetadata();
        var pngMetadata = metadata.GetPngMetadata();
        pngMetadata.BitDepth = png.Header.BitDepth;
        pngMetadata.ColorType = png.Header.ColorType;
        pngMetadata.InterlaceMethod = png.Header.Interlace;
        pngMetadata.TextData = png.Texts;
        return metadata;
    }
}
