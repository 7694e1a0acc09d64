using System.Buffers.Binary;
using System.IO.Compression;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Frames around messages, wrong in one way.</summary>
internal static class GrpcFrames
{
    public static byte[] Mutate(Dice dice, byte[] message)
    {
        var frame = GrpcShot.Frame(message);
        switch (dice.Below(7))
        {
            case 0:
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), unchecked((int)dice.Whole()));
                return frame;
            case 1:
                frame[0] = (byte)(1 + dice.Below(255));
                return frame;
            case 2:
                return frame[..dice.Below(frame.Length)];
            case 3:
                return [.. frame, .. frame];
            case 4:
                return [.. frame, .. dice.Bytes(1 + dice.Below(12))];
            case 5:
                // Small on the wire, and over every limit once it is inflated.
                return Packed(dice.Chance(0.1) ? new byte[200 << 20] : message);
            default:
                return [];
        }
    }

    /// <summary>Groups inside groups, as deep as a parser may go.</summary>
    public static byte[] Groups(Dice dice)
    {
        var depth = 1 + dice.Below(30_000);
        return dice.Chance(0.5) ? [.. Enumerable.Repeat((byte)0x0b, depth)] : [.. Enumerable.Repeat((byte)0x0b, depth), .. Enumerable.Repeat((byte)0x0c, depth)];
    }

    private static byte[] Packed(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(message);
        var frame = GrpcShot.Frame(packed.ToArray());
        frame[0] = 1;
        return frame;
    }
}
