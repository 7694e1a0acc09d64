using System.Runtime.InteropServices;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The UNet's inputs that come from numbers, not from prompts.</summary>
internal static class ConditioningInputs
{
    private const string SizesName = "time_ids";
    private const string GuidanceName = "timestep_cond";

    /// <summary>Zeros in the shapes of <paramref name="like"/>.</summary>
    public static Conditioning Zeros(Conditioning like)
    {
        var zeros = like.Clone();
        foreach (var tensor in zeros.Tensors)
            tensor.Tensor.Data = ByteString.CopyFrom(new byte[tensor.Tensor.Data.Length]);
        return zeros;
    }

    /// <summary>The conditioning with the inputs that its model needs besides; what was given stays.</summary>
    public static Conditioning Complete(Conditioning conditioning, ValidRequest request, uint width, uint height)
    {
        var unet = request.Model.Unet;
        var complete = conditioning.Clone();
        if (unet.TakesSizes)
            Add(complete, SizesName, Sizes(width, height));
        if (unet.GuidanceEmbeddingWidth > 0)
            Add(complete, GuidanceName, GuidanceEmbedding(request.Guidance.Scale, unet.GuidanceEmbeddingWidth));
        return complete;
    }

    /// <summary>SDXL's micro-conditioning (Podell et al. 2023, section 2.2): original size, crop and target size, each height first.</summary>
    private static float[] Sizes(uint width, uint height) => [height, width, 0, 0, height, width];

    /// <summary>LCM's embedding of the guidance scale (Luo et al. 2023, after Meng et al. 2022): sinusoids of 1000 (scale - 1).</summary>
    private static float[] GuidanceEmbedding(double scale, int width)
    {
        var half = width / 2;
        var embedding = new float[width];
        var value = (float)(scale - 1) * 1000f;
        var step = MathF.Log(10000f) / (half - 1);
        for (var i = 0; i < half; i++)
        {
            var angle = value * MathF.Exp(i * -step);
            (embedding[i], embedding[half + i]) = (MathF.Sin(angle), MathF.Cos(angle));
        }

        return embedding;
    }

    private static void Add(Conditioning conditioning, string name, float[] values)
    {
        if (conditioning.Tensors.Any(t => t.Name == name))
            return;
        var tensor = new Tensor { Dtype = DataType.Float32, Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Shape.AddRange([1, values.Length]);
        conditioning.Tensors.Add(new NamedTensor { Name = name, Tensor = tensor });
    }
}
