namespace Grpc.Core.Interceptors;

/// <summary>The call that a client's interceptor holds.</summary>
public struct ClientInterceptorContext<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    where TRequest : class
    where TResponse : class
{
    /// <summary>The method.</summary>
    public Method<TRequest, TResponse> Method { get; } = method;

    /// <summary>The host that the call names, if any.</summary>
    public string? Host { get; } = host;

    /// <summary>The options.</summary>
    public CallOptions Options { get; } = options;
}
