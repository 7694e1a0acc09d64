using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>One tensor that a header declares, checked.</summary>
/// <param name="Begin">First byte, counted from the end of the header.</param>
/// <param name="Length">Bytes: the shape's elements times the type's size.</param>
internal sealed record SafetensorsEntry(string Name, StoredType Type, TensorShape Shape, long Begin, long Length);
