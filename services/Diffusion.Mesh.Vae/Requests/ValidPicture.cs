using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Vae;

/// <summary>A picture and what becomes of it, checked as far as the files' headers say; no pixel was decoded yet.</summary>
/// <param name="Field">The request's name for it.</param>
/// <param name="Image">A picture file.</param>
/// <param name="Mask">A picture file; empty for none.</param>
/// <param name="Width">Pixels to bring both to, before margins.</param>
/// <param name="Height">Pixels, likewise.</param>
/// <param name="Mode">How both are brought to size.</param>
/// <param name="MaskIsAlpha">The mask is where its file is fully transparent, instead of white.</param>
/// <param name="InvertMask">The mask's dark part is painted anew, not its bright one.</param>
/// <param name="Margins">Added then; they are mask.</param>
internal sealed record ValidPicture(
    string Field,
    ReadOnlyMemory<byte> Image,
    ReadOnlyMemory<byte> Mask,
    int Width,
    int Height,
    FitMode Mode,
    bool MaskIsAlpha,
    bool InvertMask,
    PictureMargins Margins)
{
    /// <summary>Pixels with margins.</summary>
    public int FullWidth => Width + Margins.Left + Margins.Right;

    /// <summary>Pixels with margins.</summary>
    public int FullHeight => Height + Margins.Top + Margins.Bottom;

    /// <summary>Whether a part of it is painted anew.</summary>
    public bool HasMask => !Mask.IsEmpty || !Margins.IsEmpty;
}
