using System.Collections.Frozen;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>The names of types in headers.</summary>
internal static class SafetensorsTypes
{
    private static readonly FrozenDictionary<string, StoredType> Types = new Dictionary<string, StoredType>
    {
        ["F64"] = StoredType.Float64,
        ["F32"] = StoredType.Float32,
        ["F16"] = StoredType.Float16,
        ["BF16"] = StoredType.BFloat16,
        ["F8_E4M3"] = StoredType.Float8E4M3,
        ["F8_E5M2"] = StoredType.Float8E5M2,
        ["I64"] = StoredType.Int64,
        ["I32"] = StoredType.Int32,
        ["I16"] = StoredType.Int16,
        ["I8"] = StoredType.Int8,
        ["U64"] = StoredType.UInt64,
        ["U32"] = StoredType.UInt32,
        ["U16"] = StoredType.UInt16,
        ["U8"] = StoredType.UInt8,
        ["BOOL"] = StoredType.Bool,
    }.ToFrozenDictionary();

    public static StoredType? Find(string name) => Types.TryGetValue(name, out var type) ? type : null;
}
