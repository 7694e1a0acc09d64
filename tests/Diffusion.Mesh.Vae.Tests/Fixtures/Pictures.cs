using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Vae.Tests;

/// <summary>Pictures made by formulas.</summary>
internal static class Pictures
{
    /// <summary>The picture of pillow.json, of any size.</summary>
    public static Picture Pattern(int width, int height) =>
        From(width, height, (x, y, c) => (byte)(x * 7 + y * 13 + c * 50 + x * y % 31 * 5));

    public static Picture Solid(int width, int height, byte value) => From(width, height, (_, _, _) => value);

    /// <summary>White where <paramref name="isWhite"/>, else black.</summary>
    public static Picture Mask(int width, int height, Func<int, int, bool> isWhite) =>
        From(width, height, (x, y, _) => isWhite(x, y) ? (byte)255 : (byte)0);

    public static byte[] File(Picture picture, PictureFormat format = PictureFormat.Png) => PictureFile.Write(picture, format, 90, []);

    private static Picture From(int width, int height, Func<int, int, int, byte> value)
    {
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = value(i / 3 % width, i / 3 / width, i % 3);
        return new Picture(width, height, rgb);
    }
}
