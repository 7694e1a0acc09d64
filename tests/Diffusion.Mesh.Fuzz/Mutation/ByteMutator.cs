using System.Buffers.Binary;
using System.Text;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Changes bytes without knowing what they mean.</summary>
internal static class ByteMutator
{
    private const int Longest = 1 << 20;

    /// <summary>One to a few changes.</summary>
    /// <param name="other">What may be spliced in.</param>
    public static byte[] Mutate(Dice dice, byte[] bytes, byte[]? other = null)
    {
        var result = (byte[])bytes.Clone();
        for (var i = dice.Below(4); i >= 0; i--)
            result = Once(dice, result, other ?? bytes);
        return result.Length > Longest + bytes.Length ? result[..Longest] : result;
    }

    private static byte[] Once(Dice dice, byte[] bytes, byte[] other)
    {
        if (bytes.Length == 0)
            return dice.Bytes(1 + dice.Below(64));
        var at = dice.Below(bytes.Length);
        switch (dice.Below(10))
        {
            case 0:
            case 1:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                return bytes;
            case 2:
                bytes[at] = dice.Pick<byte>([0, 1, 0x7f, 0x80, 0xff, (byte)'\r', (byte)'\n', (byte)'"', (byte)'{', (byte)'%']);
                return bytes;
            case 3:
                return bytes[..at];
            case 4:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + 1 + dice.Below(16))..]];
            case 5:
                return [.. bytes[..at], .. dice.Bytes(1 + dice.Below(16)), .. bytes[at..]];
            case 6:
                return [.. bytes[..at], .. other[dice.Below(other.Length + 1)..]];
            case 7:
                var end = Math.Min(bytes.Length, at + 1 + dice.Below(256));
                return [.. bytes[..end], .. bytes[at..end], .. bytes[end..]];
            case 8:
                return [.. bytes[..at], .. Encoding.UTF8.GetBytes(NastyTexts.Pick(dice)), .. bytes[at..]];
            default:
                Span<byte> number = stackalloc byte[8];
                if (dice.Chance(0.5))
                    BinaryPrimitives.WriteInt64LittleEndian(number, dice.Whole());
                else
                    BinaryPrimitives.WriteInt64BigEndian(number, dice.Whole() << 32);
                number[..Math.Min(1 << dice.Below(4), bytes.Length - at)].CopyTo(bytes.AsSpan(at));
                return bytes;
        }
    }
}
