using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Forward passes that fail, for a UNet that a test decides over.</summary>
public sealed class FailingPassTests
{
    // The context of a job that no pass survives.
    private const float Poison = 99;

    [Fact]
    public async Task Run_OneJobMakesPassesFail_OnlyThatOneEnds()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel(), unet => new FussyUnet(unet, mostRows: int.MaxValue));
        using var worker = new EngineWorker(tiny.Worker);
        var good = Enumerable.Range(0, 4).Select(i => worker.Enter(Job($"{i}", context: i))).ToArray();

        var bad = worker.Enter(Job("bad", Poison));

        await Assert.ThrowsAsync<InvalidOperationException>(() => bad.Generation.Ended);
        Assert.All(await Task.WhenAll(good.Select(run => run.EndAsync())), end => Assert.NotNull(end.Denoised));
    }

    [Fact]
    public async Task Run_TooManyRowsForTheMemory_GoesOnWithFewer()
    {
        using var tiny = await TinyWorker.StartAsync(new TinyModel(), unet => new FussyUnet(unet, mostRows: 3));
        using var worker = new EngineWorker(tiny.Worker);

        var runs = Enumerable.Range(0, 8).Select(i => worker.Enter(Job($"{i}", context: i))).ToArray();
        var ends = await Task.WhenAll(runs.Select(run => run.EndAsync()));

        Assert.All(ends, end => Assert.NotNull(end.Denoised));
        Assert.All(runs, run => Assert.All(run.Evaluations, evaluation => Assert.InRange(evaluation.BatchRows, 1u, 3u)));
    }

    private static DenoiseJob Job(string id, float context)
    {
        var job = TinyWorker.Job(TinyWorker.Context(context));
        job.JobId = id;
        job.Schedule.Steps = 300;
        return job;
    }

    /// <summary>A UNet that fails for poisoned rows, and for more rows than its memory is enough for.</summary>
    private sealed class FussyUnet(UnetModel unet, int mostRows) : UnetModel
    {
        public override PortFacts SampleInput => unet.SampleInput;

        public override PortFacts TimestepInput => unet.TimestepInput;

        public override int InputChannels => unet.InputChannels;

        public override int OutputChannels => unet.OutputChannels;

        public override IReadOnlyDictionary<string, PortFacts> ConditioningInputs => unet.ConditioningInputs;

        public override UnetRows Allocate(UnetShape shape, int rows) => new Rows(unet.Allocate(shape, rows), rows, mostRows);

        public override void Dispose() => unet.Dispose();

        private sealed class Rows(UnetRows rows, int count, int mostRows) : UnetRows
        {
            private readonly bool[] _poisoned = new bool[count];

            public override void SetLatents(int row, ReadOnlySpan<float> latents, ReadOnlySpan<float> extra) => rows.SetLatents(row, latents, extra);

            public override void SetTimestep(int row, float timestep) => rows.SetTimestep(row, timestep);

            public override void SetConditioning(int row, IReadOnlyDictionary<string, TensorData> conditioning)
            {
                _poisoned[row] = conditioning.Values.Any(tensor => tensor.ToFloats()[0] == Poison);
                rows.SetConditioning(row, conditioning);
            }

            public override void Run(int count)
            {
                if (_poisoned.Take(count).Any(poisoned => poisoned))
                    throw new InvalidOperationException("This row cannot be run.");
                if (count > mostRows)
                    throw new InvalidOperationException("Failed to allocate memory for requested buffer.");
                rows.Run(count);
            }

            public override void GetPrediction(int row, Span<float> prediction) => rows.GetPrediction(row, prediction);

            public override void Dispose() => rows.Dispose();
        }
    }
}
