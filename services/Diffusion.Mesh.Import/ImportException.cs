namespace Diffusion.Mesh.Import;

/// <summary>A checkpoint, an adapter or an option that cannot be imported.</summary>
/// <param name="message">One sentence that names the file, and the tensor or field at fault.</param>
public sealed class ImportException(string message, Exception? inner = null) : Exception(message, inner);
