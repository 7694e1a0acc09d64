using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>The forms that a UNet's file can have: what changes in it must not change the result.</summary>
public sealed class UnetFileTests
{
    private static readonly Dictionary<string, TinyUnet> s_forms = new()
    {
        ["other names"] = new() { Sample = "x", Timestep = "t", Context = "context", Output = "noise_pred" },
        ["float timestep"] = new() { TimestepType = TinyGraph.Float32 },
        ["float16 timestep"] = new() { TimestepType = TinyGraph.Float16 },
        ["scalar timestep"] = new() { TimestepShape = [] },
        ["scalar float timestep"] = new() { TimestepShape = [], TimestepType = TinyGraph.Float32 },
        ["timestep of length 1"] = new() { TimestepShape = [1] },
        ["one size"] = new() { Side = TinyWorker.Side },
        ["one row at a time"] = new() { Rows = 1 },
        ["fixed tokens"] = new() { Tokens = 2 },
    };

    public static TheoryData<string> Forms => [.. s_forms.Keys];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Denoise_AnotherForm_GivesTheSameLatents(string form)
    {
        var expected = await DenoiseAsync(new TinyUnet());

        var actual = await DenoiseAsync(s_forms[form]);

        Assert.Equal(expected.Latents, actual.Latents);
        Assert.Equal(expected.Evaluations.Select(e => e.Rows), actual.Evaluations.Select(e => e.Rows));
    }

    [Fact]
    public async Task Load_BatchOfFixedSize_IsRefused()
    {
        var error = await Assert.ThrowsAsync<ModelFormatException>(() => DenoiseAsync(new TinyUnet { Rows = 2 }));

        Assert.Contains("free batch axis", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_NoTimestep_IsRefused()
    {
        var error = await Assert.ThrowsAsync<ModelFormatException>(() => DenoiseAsync(new TinyUnet { Timestep = "t", TimestepShape = [-1, 1] }));

        Assert.Contains("has no input 'timestep'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TinyGraph.Int64, 1)]
    [InlineData(TinyGraph.Float32, 0)]
    public async Task Denoise_FractionalTimesteps_WarnsWhereTheyAreRounded(int type, int warnings)
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel { Unet = new TinyUnet { TimestepType = type }, Prediction = "epsilon" });
        var job = TinyWorker.Job();
        job.Sampler = new Sampler { Name = "euler" };
        job.Schedule.Spacing = TimestepSpacing.Linspace;
        job.Schedule.Steps = 5;

        Assert.Equal(warnings, (await tiny.Worker.DenoiseAsync(job)).Accepted.Warnings.Count);
    }

    private static async Task<DenoiseReport> DenoiseAsync(TinyUnet unet)
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel { Unet = unet });
        var job = TinyWorker.GuidedJob(new Guidance { Scale = 2 });
        job.Noise.Images = 2;
        return await tiny.Worker.DenoiseAsync(job);
    }
}
