using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Calls a worker of a role, and another one where the first cannot.</summary>
internal sealed partial class WorkerCalls(IWorkerDirectory directory, ILogger<WorkerCalls> logger)
{
    /// <summary>
    /// Tries each worker of the role once, the least busy first, until one succeeds. Work is deterministic, so a second try gives the same result.
    /// </summary>
    /// <param name="call">The call; its second argument is the number of the try, from 1. Null: go on with another worker.</param>
    /// <exception cref="ServiceException">No worker can do it; the message names them.</exception>
    public async Task<T> CallAsync<T>(WorkerRole role, Func<Worker, int, Task<T?>> call)
        where T : class
    {
        var failures = new List<RpcException>();
        var tried = new HashSet<Worker>();
        while (directory.Find(role).FirstOrDefault(w => !tried.Contains(w)) is { } worker)
        {
            tried.Add(worker);
            using var entry = worker.Enter();
            try
            {
                if (await call(worker, tried.Count) is { } result)
                    return result;
            }
            catch (RpcException e) when (RichErrors.Problems(e) is { Count: > 0 } problems)
            {
                throw RichErrors.BadRequest(RequestFields.Rename(role, problems));
            }
            catch (RpcException e) when (IsWorthAnotherWorker(e))
            {
                LogFailed(Name(role), worker.Address, e.StatusCode, e.Status.Detail);
                failures.Add(new RpcException(new Status(e.StatusCode, $"{worker.Address.Authority}: {e.Status.Detail}")));
            }
        }

        throw Failure(role, tried, failures);
    }

    /// <summary>The role's name for people.</summary>
    public static string Name(WorkerRole role) => role switch
    {
        WorkerRole.TextEncoder => "text encoder",
        WorkerRole.Unet => "UNet worker",
        _ => "VAE",
    };

    // Internal with an I/O error inside is a connection that broke in the middle of a call.
    private static bool IsWorthAnotherWorker(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.ResourceExhausted or StatusCode.NotFound
        || (error.StatusCode == StatusCode.Internal && error.Status.DebugException is IOException or HttpRequestException);

    private static ServiceException Failure(WorkerRole role, IReadOnlyCollection<Worker> tried, List<RpcException> failures)
    {
        var details = string.Join("; ", failures.Select(f => f.Status.Detail));
        if (failures.Count > 0 && failures.TrueForAll(f => f.StatusCode == StatusCode.ResourceExhausted))
            return new ServiceException(ServiceError.Full, $"Every {Name(role)} is full: {details}");
        if (failures.Count > 0 && failures.TrueForAll(f => f.StatusCode == StatusCode.NotFound))
            return new ServiceException(ServiceError.Mismatch, $"No {Name(role)} has the model: {details}");
        var addresses = string.Join(", ", tried.Select(w => w.Address.Authority));
        return new ServiceException(
            ServiceError.Unavailable, $"The {Name(role)} at {addresses} does not answer{(details.Length > 0 ? $": {details}" : " or is draining.")}");
    }

    [LoggerMessage(210, LogLevel.Warning, "The {Role} at {Address} failed with {Status}: {Detail}")]
    private partial void LogFailed(string role, Uri address, StatusCode status, string detail);
}
