using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>
/// Whatever shares a worker with a generation, and wherever it goes on: its latents are to the bit those that it has alone. Random schedules of jobs that
/// join, leave, are cancelled and move between two workers of different settings, on the default model.
/// </summary>
public sealed class SameBitsTests
{
    private const int Jobs = 36;
    private const int Schedules = 200;

    [Fact]
    public async Task Denoise_RandomSchedules_GivesEachTheBitsItHasAlone()
    {
        using var worker = await UnetWorker.StartAsync(Path.Combine(TestFolders.Repository, "models"));
        var drawn = new DrawnJobs(worker.Model("shapes"), seed: 20);
        var jobs = Enumerable.Range(0, Jobs).Select(_ => drawn.Next()).ToArray();
        var alone = new string[Jobs];
        using (var engine = new EngineWorker(worker))
        {
            for (var i = 0; i < Jobs; i++)
                alone[i] = await engine.HashAsync(jobs[i]);
        }

        var shared = 0;
        await Parallel.ForAsync(0, Schedules, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (schedule, _) =>
        {
            var random = new Random(schedule);
            // Two workers of one kind: what differs is how they pack.
            using var first = new EngineWorker(worker, _ => Packing(random.Next(2, 33)));
            using var second = new EngineWorker(worker, _ => Packing(random.Next(2, 7)));
            var runs = Enumerable.Range(0, random.Next(3, 7)).Select(_ => random.Next(Jobs)).Select(index => (index, Seed: random.Next()))
                .Select(run => RunAsync(first, second, jobs[run.index], new Random(run.Seed), alone[run.index], $"schedule {schedule}, job {run.index}"));
            Interlocked.Add(ref shared, (await Task.WhenAll(runs)).Sum());
        });

        // Else nothing was tried.
        Assert.True(shared > Schedules, $"Only {shared} evaluations shared a pass.");
    }

    private static ServiceOptions Packing(int rows) => new() { Grpc = ListenAddress.AnyLoopback, MaxRows = rows };

    /// <returns>How many evaluations shared a pass with others.</returns>
    private static async Task<int> RunAsync(EngineWorker first, EngineWorker second, DenoiseJob job, Random random, string alone, string name)
    {
        await Task.Delay(random.Next(0, 60));
        using var cancellation = new CancellationTokenSource();
        var running = first.Enter(job, cancellation.Token);
        switch (random.Next(4))
        {
            case 0:
                cancellation.CancelAfter(random.Next(1, 80));
                await running.Generation.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return 0;
            case 1:
                await Task.Delay(random.Next(1, 80));
                running.Generation.HandBack();
                break;
        }

        var shared = 0;
        var end = await running.EndAsync();
        while (end.HandedBack is { } handedBack)
        {
            var rest = job.Clone();
            rest.State = handedBack.State;
            shared += running.Evaluations.Count(evaluation => evaluation.BatchRows > evaluation.Rows);
            running = second.Enter(rest);
            end = await running.EndAsync();
        }

        Assert.True(EngineWorker.Hash(end.Denoised) == alone, $"Other bits than alone: {name}.");
        return shared + running.Evaluations.Count(evaluation => evaluation.BatchRows > evaluation.Rows);
    }
}
