using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Workers;

/// <summary>Whoever is refused because the worker is full learns its load with the refusal, and can tell when to come again.</summary>
internal sealed class FullInterceptor(IWorkerLoad load) : CallInterceptor
{
    /// <inheritdoc/>
    protected override async Task AroundAsync(ServerCallContext context, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ServiceException e) when (e.Error == ServiceError.Full)
        {
            throw RichErrors.Full(e.Message, load.Read());
        }
    }
}
