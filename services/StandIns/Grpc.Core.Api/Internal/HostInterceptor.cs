using Grpc.Core.Interceptors;

namespace Grpc.Core.Internal;

/// <summary>Names the host that a client was made for.</summary>
internal sealed class HostInterceptor(string? host) : RewritingInterceptor
{
    protected override ClientInterceptorContext<TRequest, TResponse> Rewrite<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context) =>
        new(context.Method, host, context.Options);
}
