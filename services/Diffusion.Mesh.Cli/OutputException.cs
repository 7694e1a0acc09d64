namespace Diffusion.Mesh.Cli;

/// <summary>The picture files cannot be written.</summary>
internal sealed class OutputException(string message, Exception? inner = null) : Exception(message, inner);
