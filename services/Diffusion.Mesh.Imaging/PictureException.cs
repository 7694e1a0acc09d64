namespace Diffusion.Mesh.Imaging;

/// <summary>Bytes that are no picture, or a picture over the limits. The message is for the client.</summary>
public sealed class PictureException(string message, Exception? inner = null) : Exception(message, inner);
