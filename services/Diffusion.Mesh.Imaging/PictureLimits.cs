namespace Diffusion.Mesh.Imaging;

/// <summary>What a picture file may be at most; checked before pixels are decoded.</summary>
/// <param name="MaxBytes">Size of the file.</param>
/// <param name="MaxSide">Width and height in pixels.</param>
/// <param name="MaxPixels">Width times height. A camera's picture is within it; decoded it takes 3 bytes each, twice for a moment.</param>
public sealed record PictureLimits(int MaxBytes = 32 << 20, int MaxSide = 16384, long MaxPixels = 64_000_000);
