using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Picture files: good ones, and what can be made of them.</summary>
internal static class Pictures
{
    private const int Side = 64;

    // Decoded pixels are 192 million bytes: what the limits let in at most.
    private const double LargestChance = 0.0005;

    /// <summary>One of each format, in the size that the model takes.</summary>
    public static IReadOnlyList<byte[]> Good { get; } =
        [.. Enum.GetValues<PictureFormat>().Select(format => PictureFile.Write(Drawn(Side), format, 90, []))];

    public static byte[] Png => Good[(int)PictureFormat.Png];

    /// <summary>White below, black above.</summary>
    public static byte[] Mask { get; } = PictureFile.Write(
        new Picture(Side, Side, [.. Enumerable.Range(0, 3 * Side * Side).Select(i => i > 3 * Side * Side / 2 ? byte.MaxValue : (byte)0)]), PictureFormat.Png, 90, []);

    /// <summary>A file that is hardly a picture, or one that is more than it seems.</summary>
    public static byte[] Hostile(Dice dice)
    {
        if (dice.Chance(LargestChance))
            return PngFile.Bomb(8000, 8000);
        return dice.Below(8) switch
        {
            0 => dice.Pick(Good),
            1 or 2 => ByteMutator.Mutate(dice, dice.Pick(Good), dice.Pick(Good)),
            3 => Header(dice, dice.Pick(Good)),
            _ => PngFile.Mutate(dice, dice.Pick(PngFile.Kinds)),
        };
    }

    // Sizes, types and tables stand in the first bytes.
    private static byte[] Header(Dice dice, byte[] file)
    {
        var result = (byte[])file.Clone();
        for (var i = dice.Below(6); i >= 0; i--)
            result[dice.Below(Math.Min(result.Length, 200))] = (byte)dice.Whole();
        return result;
    }

    private static Picture Drawn(int side)
    {
        var rgb = new byte[3 * side * side];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = (byte)(i * 7 / 3 % 256);
        return new Picture(side, side, rgb);
    }
}
