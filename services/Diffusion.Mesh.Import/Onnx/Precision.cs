namespace Diffusion.Mesh.Import.Onnx;

/// <summary>The floating-point type of a graph's weights, inputs and outputs.</summary>
internal enum Precision
{
    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary16: for accelerators. ONNX Runtime's CPU provider computes such a graph in float32, behind casts.</summary>
    Float16,
}

/// <summary>What follows from a precision.</summary>
internal static class Precisions
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this Precision precision) => precision == Precision.Float16 ? 2 : 4;

    /// <summary>ONNX's name of it.</summary>
    public static TensorProto.Types.DataType DataType(this Precision precision) =>
        precision == Precision.Float16 ? TensorProto.Types.DataType.Float16 : TensorProto.Types.DataType.Float;
}
