using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>Measures each call of our own services, around everything else that is done to it.</summary>
internal sealed class ServerMetricsInterceptor(CallMetrics metrics, IEnumerable<ICallObserver> observers, TimeProvider time) : CallInterceptor
{
    /// <inheritdoc/>
    protected override async Task AroundAsync(ServerCallContext context, Func<Task> call)
    {
        var started = time.GetTimestamp();
        var code = StatusCode.OK;
        try
        {
            await call();
        }
        catch (Exception e)
        {
            code = RpcStatus.Of(e);
            throw;
        }
        finally
        {
            if (!TelemetryNames.IsBackground(context.Method))
                Note(context, code, time.GetElapsedTime(started));
        }
    }

    private void Note(ServerCallContext context, StatusCode code, TimeSpan duration)
    {
        metrics.Served(context.Method, code, duration);
        foreach (var observer in observers)
            observer.Ended(context, code);
    }
}
