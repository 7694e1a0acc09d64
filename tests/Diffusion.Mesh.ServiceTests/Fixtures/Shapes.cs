using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>The default model, and messages that fit it.</summary>
internal static class Shapes
{
    public const string Name = "shapes";

    /// <summary>What its small files say.</summary>
    public static ModelFacts Facts { get; } = ModelRepository.Open(RunningService.Models, [Name]).Find(Name)!;

    /// <summary>Conditioning of a prompt, all zero.</summary>
    public static Conditioning Conditioning(int rows = 1) => new()
    {
        Tensors = { new NamedTensor { Name = "encoder_hidden_states", Tensor = Zeros(rows, Facts.Text.Window, Facts.Text.Width) } },
    };

    /// <summary>A job that a UNet worker takes.</summary>
    public static DenoiseJob Job(int steps = 2) => new()
    {
        JobId = Guid.NewGuid().ToString("N"),
        Epoch = 1,
        Model = Name,
        ModelRevision = Facts.Revision,
        Positive = Conditioning(),
        Negative = Conditioning(),
        Guidance = new Guidance { Scale = 4 },
        Schedule = new Schedule { Steps = steps },
        LatentHeight = 8,
        LatentWidth = 8,
        Noise = new NoiseStream { Seed = 7, Images = 1 },
    };

    /// <summary>Latents of one picture.</summary>
    public static Tensor Latents(int height = 8, int width = 8) => Zeros(1, Facts.Vae.LatentChannels, height, width);

    public static Tensor Zeros(params int[] shape)
    {
        var tensor = new Tensor
        {
            Dtype = DataType.Float32,
            Data = ByteString.CopyFrom(new byte[sizeof(float) * shape.Aggregate(1, (a, b) => a * b)]),
        };
        tensor.Shape.AddRange(shape.Select(d => (long)d));
        return tensor;
    }
}
