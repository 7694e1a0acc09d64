using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Tests;

/// <summary>A run that stops after any evaluation goes on elsewhere with the same bits.</summary>
[Collection(MeshCollection.Name)]
public sealed class ResumeTests(MeshFixture mesh)
{
    private const int Steps = 5;

    [Theory]
    [InlineData("ddim", 0.0)]
    [InlineData("ddim", 1.0)]
    [InlineData("euler", null)]
    [InlineData("euler_a", null)]
    [InlineData("dpmpp_2m", null)]
    public async Task Denoise_StateOfAnyEvaluation_GivesTheSameBitsOnAnotherWorker(string sampler, double? eta)
    {
        await using var other = await UnetWorker.StartAsync("other");
        var request = StateCases.Request(sampler, Steps, count: 2);
        if (eta is { } share)
            request.Sampler.Eta = share;
        var job = await mesh.JobAsync(request);
        var whole = await mesh.Unet.DenoiseAsync(job);
        var states = await StatesAsync(job);

        Assert.Equal(Enumerable.Range(1, Steps - 1), states.Keys);
        foreach (var (position, state) in states)
        {
            var rest = await other.Client.DenoiseAsync(job.From(state));

            Assert.Equal(whole.Latents, rest.Latents);
            Assert.Equal(Enumerable.Range(position, Steps - position), rest.Evaluations.Select(evaluation => (int)evaluation.Index));
        }
    }

    [Fact]
    public async Task Denoise_StateOfTheLastEvaluation_GivesItsLatentsAtOnce()
    {
        var job = await mesh.JobAsync(StateCases.Request("ddim", Steps));
        var whole = await mesh.Unet.DenoiseAsync(job);
        var state = (await StatesAsync(job))[1];
        (state.Position, state.Latents) = (Steps, whole.Latents);

        var rest = await mesh.Unet.DenoiseAsync(job.From(state));

        Assert.Equal(whole.Latents, rest.Latents);
        Assert.Empty(rest.Evaluations);
    }

    // Of states that wait to be sent the latest wins, so one run need not show all.
    private async Task<SortedDictionary<int, SamplerState>> StatesAsync(DenoiseJob job)
    {
        var states = new SortedDictionary<int, SamplerState>();
        var run = job.Clone();
        run.StateEvery = 1;
        while (states.Count < Steps - 1)
        {
            foreach (var state in (await mesh.Unet.DenoiseAsync(run)).States.Where(state => state.Position < Steps))
                states[(int)state.Position] = state;
        }

        return states;
    }
}
