using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Grpc.Core;
using JobState = Diffusion.Mesh.State.JobState;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A job's events for one client, from the store: whichever orchestrator runs the job.</summary>
internal sealed class JobWatching(IJobStore store, JobPlaces places, JobAudit audit, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // How long a store may be away before the client is sent elsewhere.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends the events after a number, to the job's end.</summary>
    /// <param name="withFiles">Pictures come in pieces; without, one event tells that a picture is there.</param>
    /// <exception cref="ServiceException">There is no such job; or the client has to go on with another server.</exception>
    /// <exception cref="RpcException">The job ended early.</exception>
    public async Task FollowAsync(string tenant, string id, ulong after, IServerStreamWriter<GenerateEvent> stream, CancellationToken gone, bool withFiles = true)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, places.HandingOver);
        var reader = new Reader(tenant, id, Math.Min(after, long.MaxValue), stream, withFiles);
        var silent = time.GetTimestamp();
        while (true)
        {
            var before = reader.After;
            try
            {
                await FollowAsync(reader, either.Token);
                return;
            }
            catch (OperationCanceledException) when (!gone.IsCancellationRequested && places.HandingOver.IsCancellationRequested)
            {
                throw new ServiceException(ServiceError.Unavailable, $"This orchestrator is draining; watch job {id} again for what comes after event {reader.After}.");
            }
            catch (StateUnavailableException) when (reader.After > before || time.GetElapsedTime(silent) < Patience)
            {
                if (reader.After > before)
                    silent = time.GetTimestamp();
                await Task.Delay(Pause, time, gone);
            }
        }
    }

    private async Task FollowAsync(Reader reader, CancellationToken cancellation)
    {
        ReadOnlyMemory<byte>? error = null;
        await foreach (var update in store.WatchAsync(reader.Tenant, reader.Id, (long)reader.After, cancellation))
        {
            if (update.End is { } end)
            {
                if (end.State == JobState.Done)
                    return;
                audit.Told();
                throw JobEnds.Error(end, error);
            }

            if (update.Event!.Slot == JobSlots.Error)
                error = update.Event.Payload;
            else
                await SendAsync(reader, GenerateEvent.Parser.ParseFrom(update.Event.Payload.Span), cancellation);
        }

        throw new ServiceException(ServiceError.NotFound, "There is no such job, or it is forgotten.");
    }

    private async Task SendAsync(Reader reader, GenerateEvent news, CancellationToken cancellation)
    {
        if (!reader.WithFiles || news.EventCase != GenerateEvent.EventOneofCase.Image)
        {
            await reader.SendAsync(news, cancellation);
            return;
        }

        var file = await store.ReadResultAsync(reader.Tenant, reader.Id, (int)news.Image.Index, cancellation)
            ?? throw new ServiceException(ServiceError.NotFound, $"Picture {news.Image.Index} of job {reader.Id} is forgotten.");
        foreach (var piece in StoredPicture.Events(news, file))
            await reader.SendAsync(piece, cancellation);
    }

    private sealed class Reader(string tenant, string id, ulong after, IServerStreamWriter<GenerateEvent> stream, bool withFiles)
    {
        private uint _completed;

        public string Tenant => tenant;

        public string Id => id;

        public bool WithFiles => withFiles;

        /// <summary>Number of the last event that the client has.</summary>
        public ulong After { get; private set; } = after;

        public async Task SendAsync(GenerateEvent news, CancellationToken cancellation)
        {
            // Pieces of a picture that the client has in part; and steps that another owner does again.
            if (news.Sequence <= After || news.Step?.Completed <= _completed)
                return;
            await stream.WriteAsync(news, cancellation);
            After = news.Sequence;
            _completed = news.Step?.Completed ?? _completed;
        }
    }
}
