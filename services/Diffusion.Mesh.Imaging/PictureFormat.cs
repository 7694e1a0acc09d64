namespace Diffusion.Mesh.Imaging;

/// <summary>Formats of picture files.</summary>
public enum PictureFormat
{
    /// <summary>Lossless; carries text.</summary>
    Png,

    /// <summary>Lossy.</summary>
    Jpeg,

    /// <summary>Lossy.</summary>
    Webp,
}
