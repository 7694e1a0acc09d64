namespace Diffusion.Mesh.Tokenization.BytePairs;

/// <summary>
/// The character that stands for each byte in a byte-level vocabulary: printable Latin-1 characters for themselves, and
/// for the other bytes, in order, the characters from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private const int FirstStandIn = 0x100;

    /// <summary>The 256 characters by byte value.</summary>
    public static char[] Create()
    {
        var characters = new char[256];
        var standIns = 0;
        for (var value = 0; value < characters.Length; value++)
            characters[value] = (char)(IsPrintable(value) ? value : FirstStandIn + standIns++);
        return characters;
    }

    private static bool IsPrintable(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xFF and not 0xAD);
}
