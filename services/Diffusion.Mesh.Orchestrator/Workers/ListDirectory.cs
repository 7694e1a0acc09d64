using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Workers given by address. The one with the fewest calls from here comes first; equals take turns.</summary>
internal sealed class ListDirectory(ServiceOptions options, ServiceTelemetry telemetry) : IWorkerDirectory, IDisposable
{
    private readonly Worker[] _workers =
    [
        .. options.TextEncoders.Select(a => new Worker(WorkerRole.TextEncoder, a, telemetry)),
        .. options.Unets.Select(a => new Worker(WorkerRole.Unet, a, telemetry)),
        .. options.Vaes.Select(a => new Worker(WorkerRole.Vae, a, telemetry)),
    ];

    // One for each role: what one role is asked must not decide who is next in another.
    private readonly int[] _turns = new int[Enum.GetValues<WorkerRole>().Length];

    public IReadOnlyList<Worker> Find(WorkerRole role)
    {
        var workers = Array.FindAll(_workers, w => w.Role == role);
        var first = (int)((uint)Interlocked.Increment(ref _turns[(int)role]) % (uint)workers.Length);
        return [.. workers[first..].Concat(workers[..first]).OrderBy(w => w.Calls)];
    }

    public void Dispose()
    {
        foreach (var worker in _workers)
            worker.Dispose();
    }
}
