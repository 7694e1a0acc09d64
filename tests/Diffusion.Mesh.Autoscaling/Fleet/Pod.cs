namespace Diffusion.Mesh.Autoscaling;

/// <summary>A UNet worker: it loads, runs passes over the pictures that it has, and gives back what it has when it is to go.</summary>
/// <param name="created">Since the beginning.</param>
internal sealed class Pod(Accelerator accelerator, VirtualTime time, Agenda agenda, TimeSpan created)
{
    private readonly List<Picture> _pictures = [];
    private bool _isRunning;
    private bool _isLeaving;

    public TimeSpan Created => created;

    /// <summary>When it was ready; null: it loads.</summary>
    public TimeSpan? Ready { get; private set; }

    public bool HasRoom => Ready is not null && !_isLeaving && _pictures.Count < accelerator.Pictures;

    public int Pictures => _pictures.Count;

    /// <summary>A pass is done, with the pictures that it was for and how long it took.</summary>
    public required Action<IReadOnlyList<Picture>, TimeSpan> Passed { get; init; }

    /// <summary>It is gone, and these are to go on elsewhere.</summary>
    public required Action<Pod, IReadOnlyList<Picture>> Left { get; init; }

    public void BecomeReady()
    {
        if (!_isLeaving)
            Ready = time.Elapsed;
    }

    public void Take(Picture picture)
    {
        _pictures.Add(picture);
        if (!_isRunning)
            Run();
    }

    /// <summary>A stop signal: the current pass is finished, and every picture given back as it is.</summary>
    public void Stop()
    {
        _isLeaving = true;
        if (!_isRunning)
            Leave();
    }

    private void Run()
    {
        _isRunning = true;
        Picture[] rows = [.. _pictures];
        foreach (var picture in rows)
            picture.Begun ??= time.Elapsed;
        var pass = accelerator.Pass(rows.Length);
        agenda.After(pass, () =>
        {
            _isRunning = false;
            foreach (var picture in rows)
                picture.Done++;
            _pictures.RemoveAll(picture => picture.Done == accelerator.Evaluations);
            Passed(rows, pass);
            if (_isLeaving)
                Leave();
            else if (!_isRunning && _pictures.Count > 0)
                Run();
        });
    }

    private void Leave()
    {
        Picture[] rest = [.. _pictures];
        _pictures.Clear();
        Left(this, rest);
    }
}
