using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Workers;

/// <summary>Tells the worker's load to all that ask.</summary>
internal sealed class WorkerService(IWorkerLoad load, LoadWatchers watchers, Readiness readiness, TimeProvider time) : Worker.WorkerBase
{
    // As the contract has it.
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override async Task WatchLoad(WatchLoadRequest request, IServerStreamWriter<WorkerLoad> responseStream, ServerCallContext context)
    {
        using var place = watchers.Enter();
        WorkerLoad? told = null;
        for (var toldAt = time.GetTimestamp(); ; await NextAsync(context.CancellationToken))
        {
            var now = load.Read();
            if (now.Equals(told) && time.GetElapsedTime(toldAt) < s_heartbeat)
                continue;
            await responseStream.WriteAsync(now, context.CancellationToken);
            // What drains goes: nothing that is told from here on would change where calls are sent.
            if (now.Draining)
                return;
            (told, toldAt) = (now, time.GetTimestamp());
        }
    }

    // To be ready is told at once: work may be waiting for it.
    private async Task NextAsync(CancellationToken cancellation)
    {
        var poll = Task.Delay(s_poll, time, cancellation);
        if (!readiness.WhenReady.IsCompleted)
            await Task.WhenAny(poll, readiness.WhenReady);
        else
            await poll;
        cancellation.ThrowIfCancellationRequested();
    }
}
