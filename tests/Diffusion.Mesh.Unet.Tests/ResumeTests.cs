using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Runs that are handed back after any evaluation and go on from their state.</summary>
public sealed class ResumeTests
{
    private static readonly TinyModel s_masked = new() { Unet = new TinyUnet { InChannels = 9 } };

    private static readonly Dictionary<string, (TinyModel Model, Action<DenoiseJob> Change)> s_runs = new()
    {
        ["text to image"] = (new TinyModel(), _ => { }
        ),
        ["image to image"] = (new TinyModel(), AddSource),
        ["inpainting"] = (new TinyModel(), AddMask),
        ["inpainting from noise"] = (new TinyModel(), job => AddMask(job, strength: 1)),
        ["inpainting with the mask as input"] = (s_masked, AddMask),
        ["inpainting with the mask as input from noise"] = (s_masked, job => AddMask(job, strength: 1)),
        // Draws of fewer than sixteen numbers take another way through the generator.
        ["one channel of pixels"] = (new TinyModel { Unet = new TinyUnet { InChannels = 1, OutChannels = 1 }, LatentChannels = 1 }, AddGraySource),
    };

    public static TheoryData<string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string>();
            foreach (var run in s_runs.Keys)
            {
                foreach (var sampler in (string[])["euler_a", "dpmpp_2m", "dpmpp_2m_sde", "heun"])
                    runs.Add(run, sampler);
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Denoise_FromTheStateAfterAnyEvaluation_GivesTheSameBits(string run, string sampler)
    {
        using var tiny = await TinyWorker.StartAsync(s_runs[run].Model with { Prediction = "epsilon" });
        var job = Job(run, sampler);
        var whole = await tiny.Worker.DenoiseAsync(job);

        for (var done = 0; done < whole.Accepted.Evaluations; done++)
        {
            var stopped = await tiny.Worker.DenoiseUntilDrainedAsync(job, done);
            Assert.Equal(done, (int)stopped.HandedBack.Position);
            var rest = job.Clone();
            rest.State = stopped.HandedBack;

            var report = await tiny.Worker.DenoiseAsync(rest);

            Assert.Equal(whole.Latents, report.Latents);
            Assert.Equal(whole.Evaluations.Skip(done).Select(e => (e.Index, e.Timestep)), report.Evaluations.Select(e => (e.Index, e.Timestep)));
        }
    }

    [Theory]
    [InlineData(0, "before the run's start")]
    [InlineData(3 * 36 + 1, "between two draws")]
    [InlineData(3 * 36 + 2 * 72, "more than its position")]
    public async Task Denoise_NoiseStreamOfNoSuchRun_IsAMismatch(int numbersDrawn, string problem)
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel { Prediction = "epsilon" });
        var job = Job("image to image", "euler_a");
        job.State = (await tiny.Worker.DenoiseUntilDrainedAsync(job, 1)).HandedBack;
        job.State.Noise.NumbersDrawn = (ulong)numbersDrawn;

        var error = await Assert.ThrowsAsync<ServiceException>(() => tiny.Worker.DenoiseAsync(job));

        Assert.Equal(ServiceError.Mismatch, error.Error);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static DenoiseJob Job(string run, string sampler)
    {
        var job = TinyWorker.GuidedJob(new Guidance { Scale = 2, IntervalEnd = 0.7 });
        job.Noise.Images = 2;
        job.Sampler = new Sampler { Name = sampler };
        s_runs[run].Change(job);
        return job;
    }

    private static void AddSource(DenoiseJob job) => job.Source = new SourcePicture { Latents = TinyWorker.Distribution(1), Strength = 0.8 };

    private static void AddGraySource(DenoiseJob job)
    {
        job.Noise.Images = 1;
        job.Source = new SourcePicture { Latents = TinyWorker.Distribution(1, channels: 1), Strength = 0.8 };
    }

    private static void AddMask(DenoiseJob job) => AddMask(job, strength: 0.8);

    private static void AddMask(DenoiseJob job, double strength)
    {
        AddSource(job);
        job.Source.Strength = strength;
        job.Inpainting = TinyWorker.Inpainting();
    }
}
