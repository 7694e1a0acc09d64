using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Jobs whose clients wait for them, whatever protocol they speak: when the client goes the job ends, unless it was asked to go on.</summary>
internal sealed class AttendedJobs(Generations generations, JobWatching watching, Disconnects disconnects)
{
    /// <summary>Puts a job into the queue and follows it to its end.</summary>
    /// <param name="deadline">When the client stops waiting.</param>
    /// <param name="accepted">Told of the job once it has a place in the queue.</param>
    /// <param name="gone">Cancelled when the client is gone.</param>
    /// <param name="withFiles">Pictures come in pieces; without, one event tells that a picture is there.</param>
    /// <returns>The job's id.</returns>
    /// <exception cref="RpcException">It was refused, or ended early.</exception>
    /// <exception cref="ServiceException">Likewise.</exception>
    public async Task<string> RunAsync(
        GenerateRequest request,
        Caller caller,
        DateTimeOffset deadline,
        IServerStreamWriter<GenerateEvent> stream,
        Action<string> accepted,
        CancellationToken gone,
        bool withFiles = true)
    {
        var (id, valid) = await generations.SubmitAsync(request, caller, deadline);
        accepted(id);
        try
        {
            await WatchAsync(caller.Tenant, id, 0, stream, gone, withFiles);
            return id;
        }
        catch (Exception) when (gone.IsCancellationRequested && !valid.Detach)
        {
            disconnects.Left(caller.Tenant, id);
            throw;
        }
    }

    /// <summary>
    /// Likewise for a client that has one connection only. Where this orchestrator stops before the job's end, the job ends too, unless its client can find it again: it would be
    /// made for nobody.
    /// </summary>
    /// <param name="canReturn">The client knows the job's request id, and asks with it again.</param>
    /// <returns>The job's id.</returns>
    public async Task<string> RunOnceAsync(
        GenerateRequest request,
        Caller caller,
        DateTimeOffset deadline,
        IServerStreamWriter<GenerateEvent> stream,
        Action<string> accepted,
        bool canReturn,
        CancellationToken gone,
        bool withFiles = true)
    {
        string? id = null;
        try
        {
            return await RunAsync(request, caller, deadline, stream, Accept, gone, withFiles);
        }
        catch (ServiceException e) when (e.Error == ServiceError.Unavailable && id is not null)
        {
            if (!canReturn)
                await generations.TryCancelAsync(caller.Tenant, id, gone);
            throw new ServiceException(ServiceError.Unavailable, "This orchestrator stops; ask again.", e);
        }

        void Accept(string job)
        {
            id = job;
            accepted(job);
        }
    }

    /// <summary>Follows a job from an event on. Whoever does keeps it from ending when another client of it goes.</summary>
    public async Task WatchAsync(string tenant, string id, ulong after, IServerStreamWriter<GenerateEvent> stream, CancellationToken gone, bool withFiles = true)
    {
        using var entered = disconnects.Enter(id);
        await watching.FollowAsync(tenant, id, after, stream, gone, withFiles);
    }
}
