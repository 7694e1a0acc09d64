using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.Tokenization;

namespace Diffusion.Mesh.Tests;

/// <summary>Parts of Stable Diffusion 1.5's real size load with their weights beside the graph and run, at 256 x 256 pixels.</summary>
[Collection(MeshCollection.Name)]
[Trait("Category", "Shared")]
public sealed class RealSizeTests
{
    private const int Side = 256;

    [SharedFact]
    public void Read_RealSizeModel_TellsItsFactsWithoutWeights()
    {
        var facts = ModelFolder.Read(RealSizeModel.With());

        Assert.Equal(new UnetFacts(4, 4, 8, 64, 768, 0, false), facts.Unet);
        Assert.Equal(new VaeFacts(4, 8, 0.18215, 0), facts.Vae);
        Assert.Equal(new TextTowerFacts("text_encoder", "tokenizer", 77, 768, 1e-5), Assert.Single(facts.TextTowers));
        Assert.Equal((64, 512), (facts.SizeMultiple, facts.DefaultSize));
    }

    [SharedFact]
    public void TextEncoder_RealSize_GivesFiniteEmbeddings()
    {
        var facts = ModelFolder.Read(RealSizeModel.With("text_encoder"));
        using var text = TextEncoderModel.Load(facts, "text_encoder", new ExecutionOptions());
        var window = ClipTokenizer.Load(Path.Combine(facts.Folder, "tokenizer"), facts.TextWindow).Encode("a photograph of an astronaut").Ids;
        var embedding = Assert.Single(text.Encode([window]));

        Assert.Equal([1, 77, 768], embedding.Hidden.Shape);
        AssertLively(embedding.Hidden);
    }

    [SharedFact]
    public void Vae_RealSize_DecodesAndEncodesFiniteNumbers()
    {
        var facts = ModelFolder.Read(RealSizeModel.With("vae_decoder", "vae_encoder"));
        using var vae = VaeModel.Load(facts, new ExecutionOptions());
        var side = Side / facts.Scale;
        var pixels = vae.Decode(TensorData.From(Noise(4 * side * side), [1, 4, side, side]));
        var (mean, logVariance) = vae.Encode(TensorData.From(Array.ConvertAll(pixels.ToFloats(), value => Math.Clamp(value, -1, 1)), pixels.Shape));

        Assert.Equal([1, 3, Side, Side], pixels.Shape);
        Assert.Equal([1, 4, side, side], mean.Shape);
        AssertLively(pixels);
        AssertLively(mean);
        AssertLively(logVariance);
    }

    internal static float[] Noise(int length)
    {
        var values = new float[length];
        new Sampling.NoiseStream(1).Draw(values);
        return values;
    }

    // Finite, and no constant either.
    internal static void AssertLively(TensorData tensor)
    {
        var values = tensor.ToFloats();
        Assert.All(values, value => Assert.True(float.IsFinite(value)));
        Assert.True(values.Max() > values.Min());
    }
}
