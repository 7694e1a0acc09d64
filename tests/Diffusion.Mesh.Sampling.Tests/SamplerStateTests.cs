using Xunit;

namespace Diffusion.Mesh.Sampling.Tests;

public sealed class SamplerStateTests
{
    private const int Length = 64;
    private const ulong Seed = 41;

    public static TheoryData<string, int> EveryNameAndStart
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var name in Samplers.Names)
            {
                data.Add(name, 0);
                data.Add(name, 4);
            }

            return data;
        }
    }

    public static TheoryData<string> EveryName { get; } = [.. Samplers.Names];

    [Theory]
    [MemberData(nameof(EveryNameAndStart))]
    public void Step_StateReadBackAfterAnyEvaluation_GivesTheSameLatentsToTheBit(string name, int start)
    {
        double? eta = name is "ddim" or "tcd" ? 0.7 : null;
        AssertResumes(Samplers.Create(TestModels.For(name), new() { Steps = 9, Sampler = name, Eta = eta }), start);
    }

    [Theory]
    [InlineData("DPMSolverMultistepScheduler")]
    [InlineData("DPMSolverSinglestepScheduler")]
    [InlineData("DEISMultistepScheduler")]
    [InlineData("UniPCMultistepScheduler")]
    public void Step_ThirdOrderReadBack_GivesTheSameLatentsToTheBit(string className) =>
        AssertResumes(Samplers.Create(TestModels.Latent with { ClassName = className, SolverOrder = 3 }, new() { Steps = 16 }), start: 0);

    [Fact]
    public void Step_RungeKuttaWarmUpReadBack_GivesTheSameLatentsToTheBit() =>
        AssertResumes(Samplers.Create(TestModels.Latent with { SkipPrkSteps = false }, new() { Steps = 6 }), start: 0);

    [Theory]
    [MemberData(nameof(EveryName))]
    public void Step_AfterTheFirstSteps_AllocatesNothing(string name)
    {
        var sampler = Samplers.Create(TestModels.For(name), new() { Steps = 12, Sampler = name });
        var noise = new NoiseStream(Seed);
        var state = FormulaModel.Begin(sampler, noise, Length);
        var output = new float[Length];
        for (var call = 0; call < 6; call++)
            sampler.Step(state, output, noise);

        var before = GC.GetAllocatedBytesForCurrentThread();
        while (state.Position < sampler.Evaluations.Count)
            sampler.Step(state, output, noise);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Snapshot_StateAdvances_KeepsItsValue()
    {
        var sampler = Samplers.Create(TestModels.Latent, new() { Steps = 5 });
        var noise = new NoiseStream(Seed);
        var state = FormulaModel.Begin(sampler, noise, Length);
        FormulaModel.Advance(sampler, state, noise);

        var snapshot = state.Snapshot();
        float[] latents = [.. snapshot.Latents];
        FormulaModel.Advance(sampler, state, noise);

        Assert.Equal(1, snapshot.Position);
        Assert.Equal(latents, snapshot.Latents);
        Assert.NotEqual(latents, state.Latents);
    }

    [Fact]
    public void Constructor_SlotOfAnotherLength_Throws() =>
        Assert.Throws<ArgumentException>(() => new SamplerState(0, 0, new float[4], [new float[3]]));

    // After every evaluation the generation goes on from what was written down, in a new stream and a new state.
    private static void AssertResumes(ISampler sampler, int start)
    {
        var expected = Finish(sampler, start, resumes: false);
        var actual = Finish(sampler, start, resumes: true);

        Assert.Equal(expected, actual);
        Assert.All(actual, value => Assert.True(float.IsFinite(value)));
    }

    private static float[] Finish(ISampler sampler, int start, bool resumes)
    {
        var noise = new NoiseStream(Seed);
        var state = FormulaModel.Begin(sampler, noise, Length, start);
        while (state.Position < sampler.Evaluations.Count)
        {
            FormulaModel.Advance(sampler, state, noise);
            if (!resumes)
                continue;
            state = new SamplerState(state.Start, state.Position, [.. state.Latents], [.. state.History.Select(slot => slot.ToArray())]);
            noise = NoiseStream.Resume(Seed, noise.NumbersDrawn, Length);
        }

        return state.Latents;
    }
}
