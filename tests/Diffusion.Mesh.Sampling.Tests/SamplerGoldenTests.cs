using Xunit;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Sampling.Tests;

[Trait("Category", "Goldens")]
public sealed class SamplerGoldenTests(ITestOutputHelper output)
{
    // Absolute and relative, as the reference's own description asks.
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Cases { get; } = [.. GoldenSchedule.All.Select(golden => golden.ToString()).Distinct()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Create_DiffusersConfig_HasItsSchedule(string name)
    {
        var golden = GoldenSchedule.Find(name);
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
        var golden = GoldenSchedule.Find(name);
        var noise = new NoiseStream(golden.Seed);
        var state = FormulaModel.Begin(golden.CreateSampler(), noise, golden.Initial.Length);
        AssertClose(golden.Initial, state.Latents, "initial");

        foreach (var (call, expected, actual) in Samples(golden))
            AssertClose(expected, actual, $"sample after call {call}");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AddNoise_OneTimestep_FollowsDiffusers(string name)
    {
        var golden = GoldenSchedule.Find(name);
        if (golden.AddNoise is not { } add)
            return;
        var sampler = golden.CreateSampler();
        var (clean, noise) = (add.GetProperty("clean").Floats(), new float[golden.Initial.Length]);
        new NoiseStream(add.GetProperty("seed").GetUInt64()).Draw(noise);
        var timestep = add.GetProperty("timestep").GetDouble();
        var positions = Enumerable.Range(0, sampler.Evaluations.Count)
            .Where(i => Math.Abs(sampler.Evaluations[i].Timestep - timestep) <= Tolerance * (1 + timestep)).ToArray();

        // diffusers takes the second of two evaluations at one timestep.
        var noisy = new float[noise.Length];
        sampler.AddNoise(positions.Length > 1 ? positions[1] : positions[0], clean, noise, noisy);

        AssertClose(add.GetProperty("noisy").Floats(), noisy, "noisy");
    }

    /// <summary>Makes the table in docs/samplers.md: on the test's output and, if MESH_SAMPLER_TABLE names a file, in it.</summary>
    [Fact]
    public void Step_AllSamplers_DifferencesAreTabled()
    {
        var rows = GoldenSchedule.All.GroupBy(golden => golden.ClassName).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Class: group.Key, Cases: group.Count(), Largest: group.SelectMany(Samples)
                .Max(sample => sample.Expected.Zip(sample.Actual).Max(pair => Difference(pair.First, pair.Second)))))
            .ToArray();
        var table = string.Join('\n',
        [
            "| diffusers class | cases | largest difference |",
            "|---|---|---|",
            .. rows.Select(row => $"| `{row.Class}` | {row.Cases} | {row.Largest:0.0e+0} |"),
        ]);

        output.WriteLine(table);
        if (Environment.GetEnvironmentVariable("MESH_SAMPLER_TABLE") is { Length: > 0 } file)
            File.WriteAllText(file, table + "\n");
        Assert.All(rows, row => Assert.InRange(row.Largest, 0, Tolerance));
    }

    private static IEnumerable<(int Call, float[] Expected, float[] Actual)> Samples(GoldenSchedule golden)
    {
        var sampler = golden.CreateSampler();
        var noise = new NoiseStream(golden.Seed);
        var state = FormulaModel.Begin(sampler, noise, golden.Initial.Length);
        var samples = golden.Samples;
        for (var call = 0; call < golden.Calls; call++)
        {
            FormulaModel.Advance(sampler, state, noise);
            if (samples.TryGetValue(call, out var expected))
                yield return (call, expected, [.. state.Latents]);
        }
    }

    private static void AssertClose(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Difference(expected[i], actual[i]) <= Tolerance,
                $"{what}[{i}]: {actual[i]:R} where the reference has {expected[i]:R}");
    }

    private static double Difference(double expected, double actual) => Math.Abs(expected - actual) / (1 + Math.Abs(expected));
}
