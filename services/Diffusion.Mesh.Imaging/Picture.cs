namespace Diffusion.Mesh.Imaging;

/// <summary>Pixels in memory.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Rgb">Red, green and blue of each pixel, row by row; 0 to 255.</param>
public sealed record Picture(int Width, int Height, byte[] Rgb)
{
    /// <summary>From planes as a VAE gives them.</summary>
    /// <param name="planes">[3, height, width], -1 to 1; beyond is clipped.</param>
    public static Picture FromPlanes(ReadOnlySpan<float> planes, int width, int height)
    {
        var size = width * height;
        var rgb = new byte[3 * size];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var i = 0; i < size; i++)
                rgb[3 * i + channel] = ToByte(planes[channel * size + i]);
        }

        return new Picture(width, height, rgb);
    }

    /// <summary>To planes as a VAE takes them: [3, height, width], -1 to 1.</summary>
    public float[] ToPlanes()
    {
        var size = Width * Height;
        var planes = new float[3 * size];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var i = 0; i < size; i++)
                planes[channel * size + i] = 2f * (Rgb[3 * i + channel] / 255f) - 1f;
        }

        return planes;
    }

    /// <summary>The brightness of a pixel, 0 to 255, with the weights (ITU-R BT.601) and the rounding of the Pillow library.</summary>
    /// <param name="index">Row times width plus column.</param>
    public byte Luminance(int index) =>
        (byte)((Rgb[3 * index] * 19595 + Rgb[3 * index + 1] * 38470 + Rgb[3 * index + 2] * 7471 + 0x8000) >> 16);

    // diffusers' rounding: to 0..1, clipped, times 255, half to even.
    private static byte ToByte(float value) => (byte)MathF.Round(Math.Clamp(value / 2f + 0.5f, 0f, 1f) * 255f);
}
