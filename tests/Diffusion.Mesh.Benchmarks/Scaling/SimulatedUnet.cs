using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>A UNet on an accelerator that this machine does not have: a pass takes a fixed time whatever its rows, no processor, and predicts nothing.</summary>
/// <param name="real">What it looks like.</param>
/// <param name="meter">Counts what is run.</param>
internal sealed class SimulatedUnet(UnetModel real, TimeSpan pass, PassMeter meter) : UnetModel
{
    public override PortFacts SampleInput => real.SampleInput;

    public override PortFacts TimestepInput => real.TimestepInput;

    public override int InputChannels => real.InputChannels;

    public override int OutputChannels => real.OutputChannels;

    public override IReadOnlyDictionary<string, PortFacts> ConditioningInputs => real.ConditioningInputs;

    public override UnetRows Allocate(UnetShape shape, int rows) => new Rows(pass, meter);

    public override void Dispose() => real.Dispose();

    private sealed class Rows(TimeSpan pass, PassMeter meter) : UnetRows
    {
        private readonly ManualResetEventSlim _never = new();

        public override void SetLatents(int row, ReadOnlySpan<float> latents, ReadOnlySpan<float> extra)
        {
        }

        public override void SetTimestep(int row, float timestep)
        {
        }

        public override void SetConditioning(int row, IReadOnlyDictionary<string, TensorData> conditioning)
        {
        }

        public override void Run(int rows)
        {
            _never.Wait(pass);
            meter.Add(rows);
        }

        public override void GetPrediction(int row, Span<float> prediction) => prediction.Clear();

        public override void Dispose() => _never.Dispose();
    }
}

/// <summary>Counts passes and their rows, over all workers of a cluster.</summary>
internal sealed class PassMeter
{
    private long _passes;
    private long _rows;

    public (long Passes, long Rows) Read() => (Interlocked.Read(ref _passes), Interlocked.Read(ref _rows));

    public void Add(int rows)
    {
        Interlocked.Increment(ref _passes);
        Interlocked.Add(ref _rows, rows);
    }
}
