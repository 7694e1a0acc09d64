using System.Buffers.Binary;
using Diffusion.Mesh.StandIns.Tests;

namespace Diffusion.Mesh.Vae.Tests;

/// <summary>Files that must be refused before memory is taken for what they claim. None needs a native library.</summary>
internal static class HostilePictures
{
    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["text"] = "not a picture"u8.ToArray(),
        ["GIF"] = "GIF89a"u8.ToArray(),
        ["one byte"] = [0x89],
        ["truncated PNG"] = Pictures.File(Pictures.Pattern(64, 64))[..^200],
        ["PNG of 2^31 - 1 pixels a side"] = new ImageSharpPngBuilder(int.MaxValue, int.MaxValue, 8, 2).Data(0).Build(),
        ["PNG with pixels for one row of many"] = new ImageSharpPngBuilder(7000, 7000, 8, 2).Data(new byte[21001]).Build(),
        ["PNG bomb: 81 million black pixels"] = new ImageSharpPngBuilder(9000, 9000, 1, 0).Data(new byte[9000 * 1126]).Build(),
        ["animated PNG"] = Animated(),
        ["JPEG of 65500 pixels a side"] = Jpeg(65500, 65500),
        ["JPEG of 8000 pixels a side without data"] = Jpeg(8000, 8000),
        ["JPEG without a frame"] = [0xFF, 0xD8, 0xFF, 0xD9],
        ["WebP of 16383 pixels a side"] = Webp(16383, 16383, 0),
        ["animated WebP"] = AnimatedWebp(),
        ["WebP without a chunk"] = Webp(8, 8, 0)[..12],
    };

    // Two frames.
    private static byte[] Animated()
    {
        var builder = new ImageSharpPngBuilder(4, 4, 8, 0).Chunk("acTL", 0, 0, 0, 2, 0, 0, 0, 0);
        for (byte frame = 0; frame < 2; frame++)
            builder.Chunk("fcTL", [0, 0, 0, frame, 0, 0, 0, 4, 0, 0, 0, 4, .. new byte[14]]);
        return builder.Data(new byte[20]).Build();
    }

    private static byte[] Jpeg(ushort width, ushort height)
    {
        byte[] frame = [0xFF, 0xC0, 0, 17, 8, 0, 0, 0, 0, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0];
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(5), height);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(7), width);
        return [0xFF, 0xD8, .. frame, 0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0xFF, 0xD9];
    }

    // The extended container with its canvas; flag 2 is animation.
    private static byte[] Webp(int width, int height, byte flags, params byte[] chunks)
    {
        var file = new byte[30 + chunks.Length];
        "RIFF"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);
        "WEBPVP8X"u8.CopyTo(file.AsSpan(8));
        (file[16], file[20]) = (10, flags);
        (file[24], file[25], file[26]) = ((byte)(width - 1), (byte)((width - 1) >> 8), (byte)((width - 1) >> 16));
        (file[27], file[28], file[29]) = ((byte)(height - 1), (byte)((height - 1) >> 8), (byte)((height - 1) >> 16));
        chunks.CopyTo(file, 30);
        return file;
    }

    private static byte[] AnimatedWebp()
    {
        byte[] frame = [(byte)'A', (byte)'N', (byte)'M', (byte)'F', 16, 0, 0, 0, .. new byte[16]];
        return Webp(8, 8, 2, [.. frame, .. frame]);
    }
}
