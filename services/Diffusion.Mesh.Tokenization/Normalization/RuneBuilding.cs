using System.Text;

namespace Diffusion.Mesh.Tokenization.Normalization;

internal static class RuneBuilding
{
    public static void AppendRune(this StringBuilder builder, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        builder.Append(units[..rune.EncodeToUtf16(units)]);
    }
}
