namespace Diffusion.Mesh.Imaging;

/// <summary>A rectangle of pixels.</summary>
/// <param name="X">Columns left of it.</param>
/// <param name="Y">Rows above it.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
public readonly record struct PixelArea(int X, int Y, int Width, int Height);
