using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Tests;

/// <summary>Requests whose runs are stopped and taken up again.</summary>
internal static class StateCases
{
    public static GenerateRequest Request(string sampler, int steps, int count = 1, ulong seed = 7) => new()
    {
        Prompt = "a small yellow star above a blue square on a black background",
        NegativePrompt = "a large red circle",
        Seed = seed,
        Count = count,
        GuidanceScale = 3,
        Schedule = new Schedule { Steps = steps },
        Sampler = new Sampler { Name = sampler },
    };

    /// <summary>The job that goes on from a state.</summary>
    public static DenoiseJob From(this DenoiseJob job, SamplerState state)
    {
        var resumed = job.Clone();
        resumed.Epoch++;
        resumed.State = state.Clone();
        return resumed;
    }
}
