using Grpc.Core.Interceptors;

namespace Grpc.Core.Internal;

/// <summary>Replaces the headers of each call.</summary>
internal sealed class MetadataInterceptor(Func<Metadata, Metadata> replace) : RewritingInterceptor
{
    protected override ClientInterceptorContext<TRequest, TResponse> Rewrite<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context)
    {
        var headers = replace(context.Options.Headers ?? []);
        return new(context.Method, context.Host, context.Options.WithHeaders(headers));
    }
}
