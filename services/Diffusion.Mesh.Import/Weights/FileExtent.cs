namespace Diffusion.Mesh.Import.Weights;

/// <summary>Where a tensor's bytes lie in a file, unchanged, row-major and little-endian.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Offset">First byte, counted from the file's beginning. Not aligned to anything.</param>
/// <param name="Length">Bytes.</param>
internal sealed record FileExtent(string Path, long Offset, long Length);
