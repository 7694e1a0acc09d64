namespace Diffusion.Mesh.Unet;

/// <summary>
/// How many rows the memory for a forward pass is enough for. ONNX Runtime keeps what a pass took, so the process's growth tells what the largest one
/// needed; other shapes are taken to need as much for each latent pixel. An estimate: a pass that fails for want of memory is split all the same.
/// </summary>
/// <param name="limit">Bytes.</param>
internal sealed class PassMemory(long limit)
{
    // Less is noise: the runtime's own memory comes and goes.
    private const long LeastGrowth = 4 << 20;

    private long? _before;
    private double _bytesPerPixel;

    /// <summary>Runs a pass of a size that was not run yet.</summary>
    /// <param name="pixels">Latent pixels of one row.</param>
    public void Watch(int rows, long pixels, Action<int> run)
    {
        var before = Environment.WorkingSet;
        _before ??= before;
        run(rows);
        var after = Environment.WorkingSet;
        if (after - before > LeastGrowth)
            _bytesPerPixel = Math.Max(_bytesPerPixel, (double)(after - _before.Value) / rows / pixels);
    }

    /// <summary>The most rows, up to <paramref name="most"/>; at least 2.</summary>
    public int Most(long pixels, int most) =>
        _bytesPerPixel == 0 ? most : (int)Math.Clamp(limit / (_bytesPerPixel * pixels), Math.Min(2, most), most);
}
