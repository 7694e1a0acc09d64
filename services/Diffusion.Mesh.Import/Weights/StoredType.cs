namespace Diffusion.Mesh.Import.Weights;

/// <summary>How a file stores a tensor's elements.</summary>
internal enum StoredType
{
    Float64,
    Float32,
    Float16,
    BFloat16,

    /// <summary>Four bits of exponent, three of mantissa, no infinity ("fn").</summary>
    Float8E4M3,

    /// <summary>Five bits of exponent, two of mantissa.</summary>
    Float8E5M2,

    /// <summary>Whole numbers and flags; no weights are stored so.</summary>
    Int64,
    Int32,
    Int16,
    Int8,
    UInt64,
    UInt32,
    UInt16,
    UInt8,
    Bool,
}

/// <summary>What follows from a stored type.</summary>
internal static class StoredTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this StoredType type) => type switch
    {
        StoredType.Float64 or StoredType.Int64 or StoredType.UInt64 => 8,
        StoredType.Float32 or StoredType.Int32 or StoredType.UInt32 => 4,
        StoredType.Float16 or StoredType.BFloat16 or StoredType.Int16 or StoredType.UInt16 => 2,
        _ => 1,
    };

    public static bool IsFloat(this StoredType type) => type <= StoredType.Float8E5M2;
}
