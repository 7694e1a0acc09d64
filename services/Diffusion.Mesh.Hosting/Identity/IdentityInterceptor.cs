using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Hosting;

/// <summary>Lets nobody through without an identity, but to health and to the scaler's own port: probes and KEDA have no key.</summary>
internal sealed class IdentityInterceptor(CallerCheck check) : Interceptor
{
    private const string Health = "/grpc.health.v1.Health/";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Identify(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Identify(context);
        return continuation(request, responseStream, context);
    }

    // Reflection is one of these.
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Identify(context);
        return continuation(requestStream, responseStream, context);
    }

    private void Identify(ServerCallContext context)
    {
        if (context.Method.StartsWith(Health, StringComparison.Ordinal) || context.Method.StartsWith(Listeners.ScalerService, StringComparison.Ordinal))
            return;
        var headers = context.RequestHeaders;
        var caller = check.Identify(
            headers.GetValue("authorization"), headers.GetValue("x-api-key"), context.GetHttpContext().Connection.RemoteIpAddress);
        CallerContext.Set(context, caller);
    }
}
