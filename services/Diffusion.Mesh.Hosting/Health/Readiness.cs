namespace Diffusion.Mesh.Hosting;

/// <summary>Whether this process takes work: not before its models are loaded and warm, and not while it drains.</summary>
public sealed class Readiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _draining;

    /// <summary>True between the two.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully && !_draining;

    /// <summary>True from the stop signal on.</summary>
    public bool IsDraining => _draining;

    /// <summary>Done when everything is loaded and warm; fails when that cannot be.</summary>
    public Task WhenReady => _ready.Task;

    /// <summary>Everything is loaded and warm.</summary>
    public void SetReady() => _ready.TrySetResult();

    /// <summary>Something cannot be loaded.</summary>
    public void SetFailed(Exception error) => _ready.TrySetException(error);

    /// <summary>A stop signal came.</summary>
    public void SetDraining() => _draining = true;
}
