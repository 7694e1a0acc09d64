using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Unet;

/// <summary>The model evaluations of one job: rows, forward passes and guidance, in buffers that live as long as the job.</summary>
internal sealed class Denoiser
{
    private readonly ValidDenoiseJob _job;
    private readonly IReadOnlyList<RowPass> _plain;
    private readonly IReadOnlyList<RowPass> _guidedAndUnguided;
    private readonly int _size;
    private readonly int _inputSize;
    private readonly int[] _inputShape;
    private readonly float[] _scaled;
    private readonly float[] _guided;
    private readonly float[] _unguided;
    private readonly float[] _rows;
    private readonly float[] _prediction;
    private readonly float[] _timesteps;

    public Denoiser(ValidDenoiseJob job)
    {
        _job = job;
        _plain = RowPasses.For(job, guided: false);
        _guidedAndUnguided = job.Negative is null ? [] : RowPasses.For(job, guided: true);
        _size = job.State.Latents.Length / job.Images;
        _inputSize = _size + job.ExtraChannels.Length;
        _inputShape = [job.Model.Unet.InChannels, .. job.LatentShape.Skip(2)];
        _scaled = new float[job.State.Latents.Length];
        _guided = new float[job.State.Latents.Length];
        _unguided = job.Negative is null ? [] : new float[job.State.Latents.Length];
        var most = _plain.Concat(_guidedAndUnguided).Max(pass => pass.Rows.Count);
        _rows = new float[most * _inputSize];
        _prediction = new float[most * _size];
        _timesteps = new float[most];
        // Steps overwrite the latents only.
        for (var row = 0; row < most; row++)
            job.ExtraChannels.CopyTo(_rows, row * _inputSize + _size);
    }

    /// <summary>Rows of the next model evaluation.</summary>
    public int Rows => Passes.Sum(pass => pass.Rows.Count);

    private IReadOnlyList<RowPass> Passes => _job.IsGuided ? _guidedAndUnguided : _plain;

    /// <summary>The model's prediction for the current latents, after guidance: float32 in the latents' shape, valid until the next call.</summary>
    public ReadOnlySpan<float> Predict()
    {
        var position = _job.State.Position;
        _job.Sampler.ScaleInput(position, _job.State.Latents, _scaled);
        Array.Fill(_timesteps, (float)_job.Sampler.Evaluations[position].Timestep);
        foreach (var pass in Passes)
            Run(pass);
        return _job.IsGuided ? Guide() : _guided;
    }

    private void Run(RowPass pass)
    {
        var rows = pass.Rows;
        for (var i = 0; i < rows.Count; i++)
            _scaled.AsSpan(rows[i].Image * _size, _size).CopyTo(_rows.AsSpan(i * _inputSize));
        var batch = new UnetBatch(
            _rows.AsMemory(0, rows.Count * _inputSize), _inputShape, new ArraySegment<float>(_timesteps, 0, rows.Count), pass.Conditioning);
        _job.Unet.Run(batch, _prediction.AsSpan(0, rows.Count * _size));
        for (var i = 0; i < rows.Count; i++)
            _prediction.AsSpan(i * _size, _size).CopyTo((rows[i].Guided ? _guided : _unguided).AsSpan(rows[i].Image * _size));
    }

    private float[] Guide()
    {
        Guidance.Combine(_unguided, _guided, _job.Guidance.Scale, _unguided);
        if (_job.Guidance.Rescale > 0)
        {
            for (var start = 0; start < _guided.Length; start += _size)
                Guidance.Rescale(_unguided.AsSpan(start, _size), _guided.AsSpan(start, _size), _job.Guidance.Rescale);
        }

        return _unguided;
    }
}
