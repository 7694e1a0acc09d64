using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Unet;

/// <summary>The model evaluations of one job: rows, forward passes and guidance, in buffers that live as long as the job.</summary>
internal sealed class Denoiser
{
    private readonly ValidDenoiseJob _job;
    private readonly IReadOnlyList<Row[]> _passes;
    private readonly int _size;
    private readonly float[] _scaled;
    private readonly float[] _guided;
    private readonly float[] _unguided;
    private readonly float[] _rows;
    private readonly float[] _prediction;

    public Denoiser(ValidDenoiseJob job)
    {
        _job = job;
        _passes = RowPasses.For(job);
        _size = job.State.Latents.Length / job.Images;
        _scaled = new float[job.State.Latents.Length];
        _guided = new float[job.State.Latents.Length];
        _unguided = job.Negative is null ? [] : new float[job.State.Latents.Length];
        _rows = new float[_passes.Max(p => p.Length) * _size];
        _prediction = new float[_rows.Length];
    }

    /// <summary>Rows of one model evaluation.</summary>
    public int Rows => _passes.Sum(p => p.Length);

    /// <summary>The model's prediction for the current latents, after guidance: float32 in the latents' shape, valid until the next call.</summary>
    public ReadOnlySpan<float> Predict()
    {
        var position = _job.State.Position;
        _job.Sampler.ScaleInput(position, _job.State.Latents, _scaled);
        foreach (var pass in _passes)
            Run(pass, (float)_job.Sampler.Evaluations[position].Timestep);
        if (_job.Negative is not null)
            Guidance.Combine(_unguided, _guided, _job.GuidanceScale, _guided);
        return _guided;
    }

    private void Run(Row[] pass, float timestep)
    {
        for (var i = 0; i < pass.Length; i++)
            _scaled.AsSpan(pass[i].Image * _size, _size).CopyTo(_rows.AsSpan(i * _size));
        var length = pass.Length * _size;
        var batch = new UnetBatch(
            _rows.AsMemory(0, length),
            [.. _job.LatentShape.Skip(1)],
            [.. Enumerable.Repeat(timestep, pass.Length)],
            Array.ConvertAll(pass, row => row.Conditioning));
        _job.Unet.Run(batch, _prediction.AsSpan(0, length));
        for (var i = 0; i < pass.Length; i++)
            _prediction.AsSpan(i * _size, _size).CopyTo((pass[i].Guided ? _guided : _unguided).AsSpan(pass[i].Image * _size));
    }
}
