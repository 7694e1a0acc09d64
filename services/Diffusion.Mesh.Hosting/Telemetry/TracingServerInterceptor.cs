using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Hosting;

/// <summary>A server span for each call of our own services, below the caller's span.</summary>
internal sealed class TracingServerInterceptor(ServiceTelemetry telemetry) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        TResponse? response = null;
        await Trace(context, async () => response = await continuation(request, context));
        return response!;
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Trace(context, () => continuation(request, responseStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Trace(context, () => continuation(requestStream, responseStream, context));

    private async Task Trace(ServerCallContext context, Func<Task> call)
    {
        if (TelemetryNames.IsBackground(context.Method))
        {
            await call();
            return;
        }

        // ASP.NET Core's own activity is exported by nobody: a span below it would hang in the air.
        Activity.Current = null;
        var span = RpcSpan.StartServer(telemetry, context.Method, TraceHeaders.Read(context.RequestHeaders));
        try
        {
            await call();
            RpcSpan.Stop(span, null);
        }
        catch (Exception e)
        {
            RpcSpan.Stop(span, e);
            throw;
        }
    }
}
