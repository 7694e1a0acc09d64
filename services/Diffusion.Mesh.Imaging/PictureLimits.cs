namespace Diffusion.Mesh.Imaging;

/// <summary>What a picture file may be at most; checked before pixels are decoded.</summary>
/// <param name="MaxBytes">Size of the file.</param>
/// <param name="MaxSide">Width and height in pixels.</param>
/// <param name="MaxPixels">Width times height.</param>
public sealed record PictureLimits(int MaxBytes = 32 << 20, int MaxSide = 8192, long MaxPixels = 32L << 20);
