using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Hosting;

/// <summary>Measures each call of our own services, around everything else that is done to it.</summary>
internal sealed class ServerMetricsInterceptor(CallMetrics metrics, IEnumerable<ICallObserver> observers, TimeProvider time) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        TResponse? response = null;
        await MeasureAsync(context, async () => response = await continuation(request, context));
        return response!;
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        MeasureAsync(context, () => continuation(request, responseStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        MeasureAsync(context, () => continuation(requestStream, responseStream, context));

    private async Task MeasureAsync(ServerCallContext context, Func<Task> call)
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
