using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A store of jobs that is away as UNAVAILABLE; its address and the like are for the log.</summary>
internal sealed partial class StateErrors(ILogger<StateErrors> logger) : CallInterceptor
{
    /// <inheritdoc/>
    protected override async Task AroundAsync(ServerCallContext context, Func<Task> call)
    {
        try
        {
            await call();
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
