using Xunit;

namespace Diffusion.Mesh.Sampling.Tests;

public sealed class SamplersTests
{
    public static TheoryData<string> EveryName { get; } = [.. Samplers.Names];

    [Fact]
    public void Names_All_AreTheAgreedOnes() => Assert.Equal(
        ["ddim", "ddpm", "deis", "dpm2", "dpm2_a", "dpmpp_2m", "dpmpp_2m_sde", "dpmpp_2s", "dpmpp_3m", "euler", "euler_a", "flow_euler",
            "heun", "lcm", "lms", "pndm", "tcd", "unipc"],
        Samplers.Names);

    [Theory]
    [InlineData("euler_a", true)]
    [InlineData("EulerAncestralDiscreteScheduler", true)]
    [InlineData("Euler_A", false)]
    [InlineData("", false)]
    public void IsKnown_ShortOrClassName_IsExact(string name, bool known) => Assert.Equal(known, Samplers.IsKnown(name));

    [Theory]
    [MemberData(nameof(EveryName))]
    public void Create_EveryName_HasFallingNoise(string name)
    {
        var sampler = Samplers.Create(TestModels.For(name), new() { Steps = 8, Sampler = name });

        Assert.Equal(name, sampler.Name);
        Assert.True(sampler.Evaluations.Count >= 8);
        Assert.All(sampler.Evaluations.Zip(sampler.Evaluations.Skip(1)), pair => Assert.True(pair.First.Sigma >= pair.Second.Sigma));
        Assert.True(sampler.FinalSigma < sampler.Evaluations[^1].Sigma);
    }

    [Fact]
    public void Create_OtherSampler_KeepsTheModelsBetas()
    {
        var lcm = new SchedulerConfig { ClassName = "LCMScheduler", TimestepSpacing = "trailing" };
        var latent = TestModels.Latent with { TimestepSpacing = "trailing" };

        Assert.Equal(
            Samplers.Create(latent, new() { Steps = 5, Sampler = "euler" }).Evaluations,
            Samplers.Create(lcm, new() { Steps = 5, Sampler = "euler" }).Evaluations);
    }

    [Fact]
    public void Create_ShortNameOnItsClass_SettlesTheAlgorithm()
    {
        var model = TestModels.Latent with
        {
            ClassName = "DPMSolverMultistepScheduler",
            AlgorithmType = "sde-dpmsolver++",
            SolverOrder = 3,
        };

        Assert.Equal(1, Samplers.Create(model, new() { Steps = 20, Sampler = "dpmpp_2m" }).HistorySlots);
        Assert.Equal(2, Samplers.Create(model, new() { Steps = 20 }).HistorySlots);
    }

    [Fact]
    public void Create_WithProblem_Throws() =>
        Assert.Throws<ArgumentException>(() => Samplers.Create(TestModels.Latent, new() { Steps = 0 }));

    [Fact]
    public void Check_ManyWrongFields_ReportsAllAtOnce()
    {
        var problems = Samplers.Check(TestModels.Latent with { BetaSchedule = "cubic", PredictionType = "score" }, new()
        {
            Steps = 1001,
            Sampler = "euler_a",
            Sigmas = SigmaSchedule.Karras,
            FinalSigma = FinalSigma.SigmaMin,
            Eta = 2,
        });

        Assert.Equal(
            ["Eta", "Eta", "FinalSigma", "Sigmas", "Steps", "model.beta_schedule", "model.prediction_type"],
            problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("pndm")]
    [InlineData("heun")]
    [InlineData("lcm")]
    public void Check_OptionTheSamplerLacks_IsAProblem(string name)
    {
        var choice = new SamplingChoice { Steps = 10, Sampler = name, FinalSigma = FinalSigma.Zero };

        Assert.Equal("FinalSigma", Assert.Single(Samplers.Check(TestModels.Latent, choice)).Field);
    }

    [Fact]
    public void Check_UnknownNames_SaysWhose()
    {
        Assert.Equal("Sampler", Assert.Single(Samplers.Check(TestModels.Latent, new() { Steps = 5, Sampler = "magic" })).Field);
        Assert.Equal("model._class_name", Assert.Single(Samplers.Check(new() { ClassName = "MagicScheduler" }, new() { Steps = 5 })).Field);
    }

    [Theory]
    [InlineData("flow_euler")]
    [InlineData("euler")]
    [InlineData("pndm")]
    public void Check_PredictionTheSamplerLacks_IsAProblem(string name)
    {
        var model = name == "flow_euler" ? TestModels.Latent : TestModels.Flow;

        Assert.Equal("model.prediction_type", Assert.Single(Samplers.Check(model, new() { Steps = 5, Sampler = name })).Field);
    }

    [Theory]
    [MemberData(nameof(EveryName))]
    public void Step_ModelOfZeroTerminalSignal_StaysFinite(string name)
    {
        if (name == "flow_euler")
            return;
        var model = TestModels.Latent with { RescaleBetasZeroSnr = true, PredictionType = "v_prediction", TimestepSpacing = "trailing" };
        var sampler = Samplers.Create(model, new() { Steps = 10, Sampler = name });
        var noise = new NoiseStream(3);
        var state = FormulaModel.Begin(sampler, noise, 32);

        while (state.Position < sampler.Evaluations.Count)
            FormulaModel.Advance(sampler, state, noise);

        Assert.All(state.Latents, value => Assert.InRange(value, -100, 100));
    }

    [Fact]
    public void Check_MoreStepsThanDistilledFrom_IsAProblem() =>
        Assert.Equal("Steps", Assert.Single(Samplers.Check(TestModels.Latent, new() { Steps = 51, Sampler = "lcm" })).Field);

    [Theory]
    [InlineData("ddim", 10, 0.6, 4)]
    [InlineData("ddim", 10, 1.0, 0)]
    [InlineData("ddim", 10, 0.05, 10)]
    [InlineData("euler", 50, 0.75, 13)]
    [InlineData("heun", 10, 0.6, 8)]
    [InlineData("dpm2", 10, 0.0, 19)]
    [InlineData("pndm", 10, 0.6, 4)]
    [InlineData("flow_euler", 10, 0.55, 4)]
    public void StartForStrength_Share_IsDiffusersFirstTimestep(string name, int steps, double strength, int start) =>
        Assert.Equal(start, Samplers.Create(TestModels.For(name), new() { Steps = steps, Sampler = name }).StartForStrength(strength));

    [Theory]
    [MemberData(nameof(EveryName))]
    public void PredictClean_ExactModelOutput_IsTheCleanLatents(string name)
    {
        var sampler = Samplers.Create(TestModels.For(name), new() { Steps = 8, Sampler = name });
        var (clean, noise, noisy, predicted) = (new float[32], new float[32], new float[32], new float[32]);
        new NoiseStream(1).Draw(clean);
        new NoiseStream(2).Draw(noise);
        sampler.AddNoise(4, clean, noise, noisy);
        float[] output = name == "flow_euler" ? [.. noise.Zip(clean, (n, c) => n - c)] : noise;

        sampler.PredictClean(4, noisy, output, predicted);

        Assert.All(clean.Zip(predicted), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }
}
