namespace Diffusion.Mesh.Inference;

/// <summary>The execution provider asked for is unknown or cannot be used on this machine.</summary>
public sealed class ExecutionProviderException(string message, Exception? inner = null) : Exception(message, inner);
