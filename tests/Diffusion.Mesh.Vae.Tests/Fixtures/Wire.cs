using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Google.Protobuf;

namespace Diffusion.Mesh.Vae.Tests;

/// <summary>Tensors and files on the wire.</summary>
internal static class Wire
{
    public static Tensor Tensor(float[] values, params int[] shape) => TensorMessages.ToMessage(values, shape);

    public static float[] Floats(Tensor tensor) => TensorMessages.Read(tensor, out _)!.ToFloats();

    public static ByteString Bytes(Imaging.Picture picture) => ByteString.CopyFrom(Pictures.File(picture));

    /// <summary>Latents that differ from place to place and from channel to channel.</summary>
    public static Tensor Latents(int channels, int height, int width) => Tensor(
        [.. Enumerable.Range(0, channels * height * width).Select(i => MathF.Sin(i * 0.7f))], 1, channels, height, width);

    public static TensorData Data(Tensor tensor) => TensorMessages.Read(tensor, out _)!;
}
