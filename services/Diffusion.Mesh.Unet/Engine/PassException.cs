namespace Diffusion.Mesh.Unet;

/// <summary>A forward pass failed for generations that had it for themselves.</summary>
internal sealed class PassException(IReadOnlyList<Generation> failed, Exception inner) : Exception(inner.Message, inner)
{
    public IReadOnlyList<Generation> Failed => failed;
}
