using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Tests;

/// <summary>The UNet of Stable Diffusion 1.5's real size: 3.4 GB of weights, so by hand only.</summary>
[Collection(MeshCollection.Name)]
[Trait("Category", "Large")]
public sealed class RealSizeUnetTests
{
    private const int Latents = 32;

    [LargeFact]
    public void Run_RealSizeUnet_PredictsFiniteNumbers()
    {
        var facts = ModelFolder.Read(RealSizeModel.With("unet"));
        using var unet = UnetModel.Load(facts, new ExecutionOptions());
        var context = new Dictionary<string, TensorData>
        {
            ["encoder_hidden_states"] = TensorData.From(RealSizeTests.Noise(77 * 768), [1, 77, 768]),
        };
        var prediction = new float[2 * 4 * Latents * Latents];

        unet.Run(new UnetBatch(RealSizeTests.Noise(prediction.Length), [4, Latents, Latents], [500, 500], [context, context]), prediction);

        RealSizeTests.AssertLively(TensorData.From(prediction, [2, 4, Latents, Latents]));
    }
}
