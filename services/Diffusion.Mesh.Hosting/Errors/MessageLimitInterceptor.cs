using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Hosting;

/// <summary>Refuses request messages over their method's limit; gRPC itself knows one limit for a whole server.</summary>
internal sealed class MessageLimitInterceptor : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Check(request, context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Check(request, context);
        return continuation(request, responseStream, context);
    }

    private static void Check<TRequest>(TRequest request, ServerCallContext context)
    {
        var limit = MessageLimits.For(context.Method);
        if (request is IMessage message && message.CalculateSize() is var size && size > limit)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"The request has {size} bytes; {context.Method} takes at most {limit}."));
        }
    }
}
