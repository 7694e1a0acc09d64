using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Tests;

/// <summary>Tiny random models of each family, in the layout that the exporters write.</summary>
[Trait("Category", "Shared")]
public sealed class FamilyTests
{
    private static readonly Dictionary<string, (UnetFacts Unet, int TextWidth, string Scheduler, string Prediction)> _families = new()
    {
        ["sd15"] = (new UnetFacts(4, 4, 2, 8, 32, 0, false), 32, "PNDMScheduler", "epsilon"),
        ["sd21"] = (new UnetFacts(4, 4, 2, 8, 24, 0, false), 24, "DDIMScheduler", "v_prediction"),
        ["sdxl"] = (new UnetFacts(4, 4, 2, 8, 40, 0, true), 16, "EulerDiscreteScheduler", "epsilon"),
        ["turbo"] = (new UnetFacts(4, 4, 2, 8, 32, 0, false), 32, "EulerAncestralDiscreteScheduler", "epsilon"),
        ["lcm"] = (new UnetFacts(4, 4, 2, 8, 32, 16, false), 32, "LCMScheduler", "epsilon"),
        ["inpaint9"] = (new UnetFacts(9, 4, 2, 8, 32, 0, false), 32, "DDIMScheduler", "epsilon"),
        ["zsnr"] = (new UnetFacts(4, 4, 2, 8, 24, 0, false), 24, "DDIMScheduler", "v_prediction"),
        ["half"] = (new UnetFacts(4, 4, 2, 8, 32, 0, false), 32, "DDIMScheduler", "epsilon"),
    };

    [SharedFact]
    public void Read_EveryFamily_TellsItsFacts()
    {
        foreach (var (family, expected) in _families)
        {
            var facts = Read(family);

            Assert.Equal(expected, (facts.Unet, facts.TextTowers[0].Width, facts.Scheduler.ClassName, facts.Scheduler.PredictionType));
            Assert.Equal(new VaeFacts(4, 4, 0.18215, 0), facts.Vae);
            Assert.Equal((32, 8, 32), (facts.TextWindow, facts.SizeMultiple, facts.DefaultSize));
            Assert.Equal((family == "sdxl" ? 2 : 1, family == "sdxl"), (facts.TextTowers.Count, facts.ZeroEmptyNegative));
            Assert.Equal((true, false, false), (facts.HasVaeEncoder, facts.HasImageEncoder, facts.HasImageProjection));
            // The card's absence means diffusers' own.
            Assert.Equal(new GenerationDefaults(50, 7.5), facts.Defaults);
        }
    }

    [SharedFact]
    public void Read_DifferentFamilies_HaveDifferentRevisions() =>
        Assert.Equal(_families.Count, _families.Keys.Select(family => Read(family).Revision).Distinct().Count());

    [SharedFact]
    public void Load_EveryPartOfEveryFamily_TakesTheTypesOfItsFile()
    {
        foreach (var facts in _families.Keys.Select(Read))
        {
            using var text = TextEncoderModel.Load(facts, facts.TextTowers[0].Part, new ExecutionOptions());
            using var unet = UnetModel.Load(facts, new ExecutionOptions());
            using var vae = VaeModel.Load(facts, new ExecutionOptions());
            var pixels = vae.Decode(TensorData.From(new float[4 * 8 * 8], [1, 4, 8, 8]));

            Assert.Equal([1, 3, 32, 32], pixels.Shape);
            Assert.All(pixels.ToFloats(), value => Assert.True(float.IsFinite(value)));
            Assert.Contains("encoder_hidden_states", unet.ConditioningInputs.Keys);
            Assert.Equal([1, 32, facts.TextTowers[0].Width], Assert.Single(text.Encode([new int[32]])).Hidden.Shape);
        }
    }

    private static ModelFacts Read(string family) => ModelFolder.Read(Path.Combine(TestFolders.Shared, "goldens", "pipelines", family, "model"));
}
