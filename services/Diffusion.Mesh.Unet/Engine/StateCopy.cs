namespace Diffusion.Mesh.Unet;

/// <summary>A sampler state written down in memory of its own, while the run goes on.</summary>
internal sealed class StateCopy
{
    private float[] _latents = [];
    private float[][] _history = [];

    /// <summary>Model evaluations done.</summary>
    public int Done { get; private set; }

    /// <summary>Where the noise stream stands.</summary>
    public ulong NumbersDrawn { get; private set; }

    public IReadOnlyList<float[]> History => _history;

    public float[] Latents => _latents;

    /// <summary>Takes over where a job stands now.</summary>
    public void Take(ValidDenoiseJob job)
    {
        if (_latents.Length == 0)
        {
            _latents = new float[job.State.Latents.Length];
            _history = Array.ConvertAll(job.State.History, slot => new float[slot.Length]);
        }

        (Done, NumbersDrawn) = (job.Done, job.Noise.NumbersDrawn);
        job.State.Latents.CopyTo(_latents, 0);
        for (var i = 0; i < _history.Length; i++)
            job.State.History[i].CopyTo(_history[i], 0);
    }
}
