using System.Buffers.Binary;
using System.Text;

namespace Diffusion.Mesh.State;

/// <summary>An event as Redis keeps it: its number (8 bytes, big-endian), the slot's length (1 byte), the slot, the payload.</summary>
internal static class EventPacket
{
    private const int Head = 9;

    public static byte[] Write(JobEvent news)
    {
        var packet = new byte[Head + news.Slot.Length + news.Payload.Length];
        BinaryPrimitives.WriteInt64BigEndian(packet, news.Sequence);
        packet[8] = (byte)news.Slot.Length;
        Encoding.ASCII.GetBytes(news.Slot, packet.AsSpan(Head));
        news.Payload.CopyTo(packet.AsMemory(Head + news.Slot.Length));
        return packet;
    }

    public static JobEvent Read(ReadOnlyMemory<byte> packet)
    {
        var slot = packet.Slice(Head, packet.Span[8]);
        return new JobEvent(Encoding.ASCII.GetString(slot.Span), BinaryPrimitives.ReadInt64BigEndian(packet.Span), packet[(Head + slot.Length)..]);
    }
}
