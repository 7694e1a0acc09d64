using Xunit.Abstractions;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Whole runs of every family against the diffusers pipelines.</summary>
[Trait("Category", "Goldens")]
public sealed class PipelineGoldenTests(ITestOutputHelper output)
{
    public static TheoryData<string> Calls => GoldenFolder.Calls;

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Denoise_GoldenCall_GivesItsLatents(string name)
    {
        var call = GoldenCall.Read(name);
        using var folder = new TemporaryFolder();
        var model = Path.Combine(folder.Path, "model");
        GoldenFolder.CopyModel(Path.GetDirectoryName(name)!, model);
        if (call.SchedulerConfig() is { } scheduler)
            await File.WriteAllTextAsync(Path.Combine(model, "scheduler", "scheduler_config.json"), scheduler);
        using var worker = await UnetWorker.StartAsync(folder.Path);

        var report = await worker.DenoiseAsync(GoldenJob.Make(call, worker.Model("model")));

        Assert.Equal(call.Shape, report.Shape.Select(length => (int)length));
        Assert.Equal(Enumerable.Range(0, (int)report.Accepted.Evaluations), report.Evaluations.Select(evaluation => (int)evaluation.Index));
        var difference = Close.Difference(call.Latents, report.Latents);
        output.WriteLine($"{name}: {difference:E1}");
        Assert.True(difference <= call.Tolerance, $"The latents are off by {difference:E1} of the largest value.");
    }
}
