using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Hosting;

/// <summary>Measures each call that is made: a stream until its last message is read or it is left.</summary>
public sealed class ClientMetricsInterceptor(CallMetrics metrics, TimeProvider time) : Interceptor
{
    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var measured = new MeasuredCall(metrics, time, context.Method.FullName);
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            measured.ReadAsync(call.ResponseAsync, isLast: _ => true), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var measured = new MeasuredCall(metrics, time, context.Method.FullName);
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new MeasuredReader<TResponse>(call.ResponseStream, measured),
            call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers,
            () => measured.Leave(call));
    }

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var measured = new MeasuredCall(metrics, time, context.Method.FullName);
        var call = continuation(context);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            call.RequestStream,
            new MeasuredReader<TResponse>(call.ResponseStream, measured),
            call.ResponseHeadersAsync,
            call.GetStatus,
            call.GetTrailers,
            () => measured.Leave(call));
    }

    // Counts once, by whatever ends it first.
    private sealed class MeasuredCall(CallMetrics metrics, TimeProvider time, string method)
    {
        private readonly long _started = time.GetTimestamp();
        private int _ended;

        public async Task<T> ReadAsync<T>(Task<T> read, Func<T, bool> isLast)
        {
            try
            {
                var result = await read;
                if (isLast(result))
                    End(StatusCode.OK);
                return result;
            }
            catch (Exception e)
            {
                End(RpcStatus.Of(e));
                throw;
            }
        }

        // A stream that is left before its end was cancelled by the caller.
        public void Leave(IDisposable call)
        {
            call.Dispose();
            End(StatusCode.Cancelled);
        }

        private void End(StatusCode code)
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                metrics.Made(method, code, time.GetElapsedTime(_started));
        }
    }

    private sealed class MeasuredReader<T>(IAsyncStreamReader<T> inner, MeasuredCall measured) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => measured.ReadAsync(inner.MoveNext(cancellationToken), isLast: more => !more);
    }
}
