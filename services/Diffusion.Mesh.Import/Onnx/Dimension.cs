namespace Diffusion.Mesh.Import.Onnx;

/// <summary>A length of an input or output: a number, or a name for one that each call chooses.</summary>
internal readonly record struct Dimension(long Length, string? Name)
{
    public static implicit operator Dimension(long length) => new(length, null);

    public static implicit operator Dimension(string name) => new(0, name);

    public TensorShapeProto.Types.Dimension ToProto() =>
        Name is null ? new TensorShapeProto.Types.Dimension { DimValue = Length } : new TensorShapeProto.Types.Dimension { DimParam = Name };
}
