using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A store of jobs that is away as UNAVAILABLE; its address and the like are for the log.</summary>
internal sealed partial class StateErrors(ILogger<StateErrors> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (StateUnavailableException e)
        {
            throw Away(e, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (StateUnavailableException e)
        {
            throw Away(e, context);
        }
    }

    private ServiceException Away(StateUnavailableException error, ServerCallContext context)
    {
        LogAway(context.Method, error.Message);
        return new ServiceException(ServiceError.Unavailable, "The store of jobs cannot be reached; try again in a moment.", error);
    }

    [LoggerMessage(232, LogLevel.Warning, "{Method} failed: {Reason}")]
    private partial void LogAway(string method, string reason);
}
