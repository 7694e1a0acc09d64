using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Single pictures out of a job's latents.</summary>
internal static class LatentRows
{
    /// <summary>Row <paramref name="index"/> of [images, ...] as [1, ...]; the numbers are not copied.</summary>
    public static Tensor Row(Tensor latents, int index)
    {
        var size = latents.Data.Length / (int)latents.Shape[0];
        var row = new Tensor { Dtype = latents.Dtype, Data = UnsafeByteOperations.UnsafeWrap(latents.Data.Memory.Slice(index * size, size)) };
        row.Shape.Add(1);
        row.Shape.AddRange(latents.Shape.Skip(1));
        return row;
    }
}
