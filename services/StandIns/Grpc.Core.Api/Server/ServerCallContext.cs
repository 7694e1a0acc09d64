namespace Grpc.Core;

/// <summary>A call as its service sees it.</summary>
public abstract class ServerCallContext
{
    private Dictionary<object, object>? _userState;

    /// <summary>The path of the method, <c>/package.Service/Method</c>.</summary>
    public string Method => MethodCore;

    /// <summary>The host that the client named.</summary>
    public string Host => HostCore;

    /// <summary>The address of the client, as in <c>ipv4:127.0.0.1:50001</c>.</summary>
    public string Peer => PeerCore;

    /// <summary>When the call must have ended, in UTC; <see cref="DateTime.MaxValue"/> for never.</summary>
    public DateTime Deadline => DeadlineCore;

    /// <summary>The headers that the client sent.</summary>
    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Cancelled when the client cancels or leaves, or when the deadline passes.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>The trailers to send at the end.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>The status to send at the end.</summary>
    public Status Status { get => StatusCore; set => StatusCore = value; }

    /// <summary>The options of the writes to come.</summary>
    public WriteOptions? WriteOptions { get => WriteOptionsCore; set => WriteOptionsCore = value; }

    /// <summary>Who the client is, by its certificate.</summary>
    public AuthContext AuthContext => AuthContextCore;

    /// <summary>A place for interceptors and services to leave things for one another during the call.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>What stands behind <see cref="Method"/>.</summary>
    protected abstract string MethodCore { get; }

    /// <summary>What stands behind <see cref="Host"/>.</summary>
    protected abstract string HostCore { get; }

    /// <summary>What stands behind <see cref="Peer"/>.</summary>
    protected abstract string PeerCore { get; }

    /// <summary>What stands behind <see cref="Deadline"/>.</summary>
    protected abstract DateTime DeadlineCore { get; }

    /// <summary>What stands behind <see cref="RequestHeaders"/>.</summary>
    protected abstract Metadata RequestHeadersCore { get; }

    /// <summary>What stands behind <see cref="CancellationToken"/>.</summary>
    protected abstract CancellationToken CancellationTokenCore { get; }

    /// <summary>What stands behind <see cref="ResponseTrailers"/>.</summary>
    protected abstract Metadata ResponseTrailersCore { get; }

    /// <summary>What stands behind <see cref="Status"/>.</summary>
    protected abstract Status StatusCore { get; set; }

    /// <summary>What stands behind <see cref="WriteOptions"/>.</summary>
    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>What stands behind <see cref="AuthContext"/>.</summary>
    protected abstract AuthContext AuthContextCore { get; }

    /// <summary>What stands behind <see cref="UserState"/>.</summary>
    protected virtual IDictionary<object, object> UserStateCore => _userState ??= [];

    /// <summary>Sends the response headers, once and before the first response.</summary>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    /// <summary>Makes a token by which calls made while serving this one inherit from it.</summary>
    public ContextPropagationToken CreatePropagationToken(ContextPropagationOptions? options = null) =>
        CreatePropagationTokenCore(options);

    /// <summary>What stands behind <see cref="WriteResponseHeadersAsync"/>.</summary>
    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);

    /// <summary>What stands behind <see cref="CreatePropagationToken"/>.</summary>
    protected abstract ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options);
}
