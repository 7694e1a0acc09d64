using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Hosting;

/// <summary>A client span for each call, whose context travels with it.</summary>
public sealed class TracingClientInterceptor(ActivitySource source) : Interceptor
{
    /// <inheritdoc/>
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var span = Start(ref context);
        if (span is null)
            return continuation(request, context);
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            Finish(call.ResponseAsync, span), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    /// <inheritdoc/>
    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var span = Start(ref context);
        var call = continuation(request, context);
        return span is null
            ? call
            : new AsyncServerStreamingCall<TResponse>(
                new TracedReader<TResponse>(call.ResponseStream, span),
                call.ResponseHeadersAsync,
                call.GetStatus,
                call.GetTrailers,
                () => Dispose(call, span));
    }

    /// <inheritdoc/>
    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var span = Start(ref context);
        var call = continuation(context);
        return span is null
            ? call
            : new AsyncDuplexStreamingCall<TRequest, TResponse>(
                call.RequestStream,
                new TracedReader<TResponse>(call.ResponseStream, span),
                call.ResponseHeadersAsync,
                call.GetStatus,
                call.GetTrailers,
                () => Dispose(call, span));
    }

    private Activity? Start<TRequest, TResponse>(ref ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class
    {
        var before = Activity.Current;
        var span = RpcSpan.StartClient(source, context.Method.FullName);
        // The span is the call's, not the caller's: what the caller does meanwhile is no child of it.
        Activity.Current = before;
        var carried = span ?? before;
        if (carried is not null)
            context = new(context.Method, context.Host, context.Options.WithHeaders(TraceHeaders.With(context.Options.Headers, carried)));
        return span;
    }

    private static async Task<TResponse> Finish<TResponse>(Task<TResponse> response, Activity span)
    {
        try
        {
            var result = await response;
            RpcSpan.Stop(span, null);
            return result;
        }
        catch (Exception e)
        {
            RpcSpan.Stop(span, e);
            throw;
        }
    }

    // A stream that is left before its end was cancelled by the caller; the span of one that ended is stopped already.
    private static void Dispose(IDisposable call, Activity span)
    {
        call.Dispose();
        if (!span.IsStopped)
            RpcSpan.Stop(span, new OperationCanceledException());
    }

    private sealed class TracedReader<T>(IAsyncStreamReader<T> inner, Activity span) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                if (await inner.MoveNext(cancellationToken))
                    return true;
                if (!span.IsStopped)
                    RpcSpan.Stop(span, null);
                return false;
            }
            catch (Exception e)
            {
                RpcSpan.Stop(span, e);
                throw;
            }
        }
    }
}
