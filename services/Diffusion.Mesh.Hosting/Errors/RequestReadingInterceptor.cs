using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Hosting;

/// <summary>The outermost: what of a stream cannot be read is the caller's mistake (see <see cref="UnreadableCalls"/>).</summary>
internal sealed class RequestReadingInterceptor : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        return continuation(request, context);
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        return continuation(request, responseStream, context);
    }

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        return continuation(new Reader<TRequest>(requestStream), context);
    }

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Begin(context);
        return continuation(new Reader<TRequest>(requestStream), responseStream, context);
    }

    private static void Begin(ServerCallContext context)
    {
        UnreadableCalls.Begin(context.GetHttpContext());
        try
        {
            // Metadata is decoded when it is first looked at.
            _ = context.RequestHeaders;
        }
        catch (FormatException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "Metadata whose name ends in -bin must be base64."));
        }
    }

    private sealed class Reader<T>(IAsyncStreamReader<T> stream) : IAsyncStreamReader<T>
    {
        public T Current => stream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                return await stream.MoveNext(cancellationToken);
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or InvalidDataException or IOException { InnerException: null })
            {
                // An I/O error from below, of a connection that broke, has its cause inside.
                throw new RpcException(new Status(StatusCode.InvalidArgument, "A message of the stream cannot be read: it is none of this method."));
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Internal)
            {
                // Of gRPC itself: a frame that is none.
                throw new RpcException(new Status(StatusCode.InvalidArgument, e.Status.Detail));
            }
        }
    }
}
