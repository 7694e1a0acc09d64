using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Unet;

/// <summary>The guided or the unguided rows of a generation, one for each picture: rows of one shape, in one group.</summary>
/// <param name="generation">Whose they are.</param>
/// <param name="isGuided">With the prompt, or without.</param>
/// <param name="conditioning">For each picture the UNet's inputs besides latents and timestep.</param>
/// <param name="group">Those that they can share a pass with.</param>
internal sealed class RowSet(
    Generation generation, bool isGuided, IReadOnlyList<IReadOnlyDictionary<string, TensorData>> conditioning, ShapeGroup group)
{
    private int _packed;
    private bool _isInUse;

    public Generation Generation => generation;

    public bool IsGuided => isGuided;

    public ShapeGroup Group => group;

    /// <summary>Rows of each evaluation that has this side.</summary>
    public int Count => conditioning.Count;

    /// <summary>Rows of the current evaluation that wait for a pass.</summary>
    public int Waiting => _isInUse ? Count - _packed : 0;

    public IReadOnlyDictionary<string, TensorData> Conditioning(int picture) => conditioning[picture];

    /// <summary>A new evaluation begins, with these rows or without.</summary>
    public void Begin(bool isInUse) => (_packed, _isInUse) = (0, isInUse);

    /// <summary>Takes waiting rows; the first one's picture is returned.</summary>
    public int Take(int rows)
    {
        var first = _packed;
        _packed += rows;
        return first;
    }

    /// <summary>Rows that were taken last wait again: their pass failed.</summary>
    public void Return(int rows) => _packed -= rows;
}
