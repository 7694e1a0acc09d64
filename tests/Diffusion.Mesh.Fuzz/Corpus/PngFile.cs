using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Diffusion.Mesh.Fuzz;

/// <summary>PNG files chunk by chunk, with right checksums, so that what is wrong with them is found behind the first check.</summary>
internal static class PngFile
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Every colour type and depth, interlaced and not.</summary>
    public static IReadOnlyList<Chunk[]> Kinds { get; } =
    [
        .. from colour in new byte[] { 0, 2, 3, 4, 6 }
           from depth in new byte[] { 1, 8, 16 }
           from interlace in new byte[] { 0, 1 }
           select Kind(colour, depth, interlace),
    ];

    /// <summary>A picture that one looks through.</summary>
    public static byte[] Transparent { get; } = Write(Kind(colour: 6, depth: 8, interlace: 0));

    /// <summary>Few bytes that are many pixels.</summary>
    public static byte[] Bomb(int width, int height) =>
        Write([Header(width, height, 8, 2, 0), new("IDAT", Deflated(height * (1L + 3L * width))), new("IEND", [])]);

    public static byte[] Mutate(Dice dice, Chunk[] kind)
    {
        var chunks = kind.ToList();
        for (var i = dice.Below(3); i >= 0; i--)
            Once(dice, chunks);
        return Write(chunks);
    }

    private static void Once(Dice dice, List<Chunk> chunks)
    {
        var at = dice.Below(chunks.Count);
        if (chunks.Count == 0 || dice.Chance(0.15))
        {
            chunks.Insert(at, Extra(dice));
            return;
        }

        switch (dice.Below(6))
        {
            case 0:
                chunks.RemoveAt(at);
                break;
            case 1:
                chunks.Insert(dice.Below(chunks.Count), chunks[at]);
                break;
            case 2:
                chunks[at] = chunks[at] with { Name = dice.Pick(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "acTL", "fdAT", "AAAA"]) };
                break;
            case 3 when chunks[at] is { Name: "IHDR", Data.Length: >= 8 }:
                chunks[at] = chunks[at] with { Data = [.. chunks[at].Data] };
                BinaryPrimitives.WriteInt32BigEndian(chunks[at].Data.AsSpan(4 * dice.Below(2)), unchecked((int)dice.Whole()));
                break;
            case 4:
                chunks[at] = chunks[at] with { Data = chunks[at].Name == "IDAT" ? Deflated(dice.Below(100_000)) : dice.Bytes(dice.Below(30)) };
                break;
            default:
                chunks[at] = chunks[at] with { Data = ByteMutator.Mutate(dice, chunks[at].Data) };
                break;
        }
    }

    private static Chunk Extra(Dice dice) => dice.Below(6) switch
    {
        // A text that is large only once it is inflated.
        0 => new("zTXt", [.. "k\0\0"u8, .. Deflated(1 << dice.Below(25))]),
        1 => new("iCCP", [.. "k\0\0"u8, .. Deflated(1 << dice.Below(22))]),
        2 => new("acTL", [0, 0, 0, (byte)dice.Below(4), 0, 0, 0, 0]),
        3 => new("tRNS", dice.Bytes(dice.Below(400))),
        4 => new("tEXt", Encoding.UTF8.GetBytes($"Title\0{NastyTexts.Pick(dice)}")),
        _ => new("PLTE", dice.Bytes(dice.Below(900))),
    };

    private static Chunk[] Kind(byte colour, byte depth, byte interlace)
    {
        const int Side = 64;
        var channels = colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var data = Deflated(Side * (1 + (Side * channels * depth + 7) / 8));
        Chunk[] palette = colour == 3 ? [new("PLTE", [0, 0, 0, 255, 255, 255])] : [];
        return [Header(Side, Side, depth, colour, interlace), .. palette, new("IDAT", data), new("IEND", [])];
    }

    private static Chunk Header(int width, int height, byte depth, byte colour, byte interlace)
    {
        var data = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(data, width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), height);
        (data[8], data[9], data[12]) = (depth, colour, interlace);
        return new("IHDR", data);
    }

    private static byte[] Deflated(long zeros)
    {
        using var result = new MemoryStream();
        using (var zlib = new ZLibStream(result, CompressionLevel.Fastest))
        {
            var piece = new byte[1 << 16];
            for (var left = zeros; left > 0; left -= piece.Length)
                zlib.Write(piece, 0, (int)Math.Min(left, piece.Length));
        }

        return result.ToArray();
    }

    private static byte[] Write(IEnumerable<Chunk> chunks)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        var number = new byte[4];
        foreach (var (name, data) in chunks)
        {
            byte[] body = [.. Encoding.ASCII.GetBytes(name), .. data];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            file.Write(number);
            file.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
            file.Write(number);
        }

        return file.ToArray();
    }

    // CRC-32 of PNG (ISO 3309), bit by bit: the framework has it only in a package.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
        }

        return ~crc;
    }

    internal sealed record Chunk(string Name, byte[] Data);
}
