using Xunit;

namespace Diffusion.Mesh.Sampling.Tests;

[Trait("Category", "Goldens")]
public sealed class SamplerGoldenTests
{
    public static TheoryData<string> Cases { get; } = [.. GoldenSchedule.All.Select(golden => golden.ToString())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Create_DiffusersConfig_HasItsSchedule(string name)
    {
        var golden = Find(name);
        var sampler = golden.CreateSampler();

        AssertClose(golden.Timesteps, [.. sampler.Evaluations.Select(evaluation => (float)evaluation.Timestep)], "timesteps");
        AssertClose([(float)golden.InitialNoiseSigma], [(float)sampler.InitialNoiseSigma], "init_noise_sigma");
        if (golden.Sigmas is { } sigmas)
            AssertClose([.. sigmas.Take(golden.Calls), sigmas[golden.Calls]],
                [.. sampler.Evaluations.Select(evaluation => (float)evaluation.Sigma), (float)sampler.FinalSigma], "sigmas");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_EveryEvaluation_FollowsDiffusers(string name)
    {
        var golden = Find(name);
        var sampler = golden.CreateSampler();
        var latents = new float[golden.Initial.Length];
        var noise = new NoiseStream(golden.Seed);
        noise.Draw(latents);
        for (var i = 0; i < latents.Length; i++)
            latents[i] *= (float)sampler.InitialNoiseSigma;
        AssertClose(golden.Initial, latents, "initial");

        var samples = golden.Samples;
        var state = sampler.Begin(latents);
        var (input, output) = (new float[latents.Length], new float[latents.Length]);
        while (state.Position < sampler.Evaluations.Count)
        {
            var call = state.Position;
            sampler.ScaleInput(call, state.Latents, input);
            GoldenSchedule.Model(input, sampler.Evaluations[call].Timestep, output);
            sampler.Step(state, output, noise);
            if (samples.TryGetValue(call, out var expected))
                AssertClose(expected, state.Latents, $"sample after call {call}");
        }

        Assert.Equal(golden.Calls, state.Position);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AddNoise_OneTimestep_FollowsDiffusers(string name)
    {
        var golden = Find(name);
        if (golden.AddNoise is not { } add)
            return;
        var sampler = golden.CreateSampler();
        var (clean, noise) = (add.GetProperty("clean").Floats(), new float[golden.Initial.Length]);
        new NoiseStream(add.GetProperty("seed").GetUInt64()).Draw(noise);
        var timestep = add.GetProperty("timestep").GetDouble();
        var positions = Enumerable.Range(0, sampler.Evaluations.Count)
            .Where(i => Math.Abs(sampler.Evaluations[i].Timestep - timestep) <= 1e-4 * (1 + timestep)).ToArray();

        // diffusers takes the second of two evaluations at one timestep.
        var noisy = new float[noise.Length];
        sampler.AddNoise(positions.Length > 1 ? positions[1] : positions[0], clean, noise, noisy);

        AssertClose(add.GetProperty("noisy").Floats(), noisy, "noisy");
    }

    private static GoldenSchedule Find(string name) => GoldenSchedule.All.Single(golden => golden.ToString() == name);

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= 1e-4f * (1 + MathF.Abs(expected[i])),
                $"{what}[{i}]: {actual[i]:R} where the reference has {expected[i]:R}");
    }
}
