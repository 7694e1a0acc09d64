namespace Diffusion.Mesh.Identity;

/// <summary>A file of keys that cannot be read, used or changed; the message has every problem and no secret.</summary>
public sealed class KeyFileException(string message, Exception? inner = null) : Exception(message, inner);
