using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>The load of a worker as a test tells it: idle at first.</summary>
internal sealed class FakeLoad : Worker.WorkerBase
{
    private readonly Lock _lock = new();
    private WorkerLoad _load = Idle();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _watches;

    /// <summary>Tells changes only, as a worker does that hangs.</summary>
    public bool IsSilent { get; init; }

    /// <summary>How many have begun to watch.</summary>
    public int Watches => Volatile.Read(ref _watches);

    /// <summary>A worker that has the default model and nothing to do.</summary>
    public static WorkerLoad Idle() => new()
    {
        Worker = "fake",
        Serving = true,
        Capacity = 64,
        Models = { new LoadedModel { Name = Shapes.Name, Revision = Shapes.Facts.Revision } },
    };

    /// <summary>Tells another load from now on.</summary>
    public void Tell(Action<WorkerLoad> change)
    {
        lock (_lock)
        {
            _load = _load.Clone();
            change(_load);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public override async Task WatchLoad(WatchLoadRequest request, IServerStreamWriter<WorkerLoad> responseStream, ServerCallContext context)
    {
        Interlocked.Increment(ref _watches);
        var stopping = context.GetHttpContext().RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        while (!stopping.IsCancellationRequested)
        {
            WorkerLoad load;
            Task changed;
            lock (_lock)
                (load, changed) = (_load, _changed.Task);
            await responseStream.WriteAsync(load, context.CancellationToken);
            using var beat = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
            if (!IsSilent)
                beat.CancelAfter(TimeSpan.FromSeconds(2));
            await changed.WaitAsync(beat.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
