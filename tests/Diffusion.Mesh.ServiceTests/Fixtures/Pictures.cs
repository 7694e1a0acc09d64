using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Picture files.</summary>
internal static class Pictures
{
    /// <summary>A grey PNG.</summary>
    public static byte[] Png(int width, int height)
    {
        var rgb = new byte[3 * width * height];
        Array.Fill<byte>(rgb, 128);
        return PictureFile.Write(new Picture(width, height, rgb), PictureFormat.Png, 90, []);
    }

    /// <summary>The text chunks of a PNG, read by the format's own words (PNG, third edition, 11.3.3) rather than by the library that wrote them.</summary>
    public static Dictionary<string, string> Text(ReadOnlySpan<byte> file)
    {
        var text = new Dictionary<string, string>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[at..]);
            var data = file.Slice(at + 8, length);
            var (key, rest) = Split(data);
            switch (Encoding.ASCII.GetString(file.Slice(at + 4, 4)))
            {
                case "tEXt":
                    text.Add(Encoding.Latin1.GetString(key), Encoding.Latin1.GetString(rest));
                    break;
                case "zTXt":
                    text.Add(Encoding.Latin1.GetString(key), Encoding.Latin1.GetString(Inflate(rest[1..])));
                    break;
                case "iTXt":
                    // Compression flag and method, then language and translated key, each with its end.
                    var value = Split(Split(rest[2..]).Value).Value;
                    text.Add(Encoding.Latin1.GetString(key), Encoding.UTF8.GetString(rest[0] == 1 ? Inflate(value) : value));
                    break;
            }

            at += length + 12;
        }

        return text;
    }

    private static (byte[] Key, byte[] Value) Split(ReadOnlySpan<byte> data)
    {
        var end = data.IndexOf((byte)0);
        return end < 0 ? ([], []) : (data[..end].ToArray(), data[(end + 1)..].ToArray());
    }

    private static byte[] Inflate(ReadOnlySpan<byte> data)
    {
        using var zlib = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zlib.CopyTo(plain);
        return plain.ToArray();
    }
}
