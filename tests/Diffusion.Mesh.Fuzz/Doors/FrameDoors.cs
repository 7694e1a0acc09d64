using System.Buffers.Binary;
using System.Text;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Fuzz;

/// <summary>HTTP/2 itself, frame by frame.</summary>
internal static class FrameDoors
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    public static IReadOnlyList<Door> All { get; } =
    [
        new("frames", 4, (dice, server, change) => new FrameShot(s => s.Grpc, Bytes(dice, server, change))),
        new("frames of a worker", 1, (dice, server, change) => new FrameShot(s => s.Vae, Bytes(dice, server, change))),
    ];

    private static byte[] Bytes(Dice dice, Server server, bool change)
    {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
        List<byte[]> frames =
        [
            Frame(Settings, 0, 0, []),
            Frame(Headers, EndHeaders, 1, Block(dice, server, change)),
            Frame(Data, EndStream, 1, GrpcShot.Frame(new ListModelsRequest().ToByteArray())),
        ];
        for (var i = change ? dice.Below(3) : -1; i >= 0; i--)
            frames.Insert(dice.Below(frames.Count + 1), Frame((byte)dice.Below(12), (byte)dice.Below(256), dice.Pick([0, 1, 1, 2, 3, int.MaxValue]), dice.Bytes(dice.Below(64))));
        byte[] bytes = [.. frames.SelectMany(frame => frame)];
        return [.. preface, .. change && dice.Chance(0.6) ? ByteMutator.Mutate(dice, bytes) : bytes];
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    // Literals that no table keeps (RFC 7541, 6.2.2).
    private static byte[] Block(Dice dice, Server server, bool change)
    {
        List<(string Name, string Value)> fields =
        [
            (":method", "POST"), (":scheme", "http"), (":path", "/diffusion.mesh.v1.Generation/ListModels"), (":authority", "localhost"),
            .. change && dice.Chance(0.5) ? GrpcHeaders.Mutate(dice, server) : GrpcHeaders.Good(server),
        ];
        if (change && dice.Chance(0.4))
            fields[dice.Below(fields.Count)] = (fields[dice.Below(fields.Count)].Name, NastyTexts.Pick(dice));
        var block = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            block.WriteByte(0);
            Write(block, Encoding.Latin1.GetBytes(name));
            Write(block, Encoding.UTF8.GetBytes(value));
        }

        return block.ToArray();
    }

    private static void Write(MemoryStream block, byte[] text)
    {
        var length = text.Length;
        if (length < 127)
        {
            block.WriteByte((byte)length);
        }
        else
        {
            block.WriteByte(127);
            for (length -= 127; length >= 128; length >>= 7)
                block.WriteByte((byte)(length | 128));
            block.WriteByte((byte)length);
        }

        block.Write(text);
    }
}
