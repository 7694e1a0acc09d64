using System.Collections.Concurrent;
using Grpc.Core;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>A client's messages, and then its silence until the call ends.</summary>
internal sealed class Requests<T>(params T[] messages) : IAsyncStreamReader<T>
{
    private int _next = -1;

    public T Current => messages[_next];

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (++_next < messages.Length)
            return true;
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return false;
    }
}

/// <summary>Keeps what a service sends; safe to look at meanwhile.</summary>
internal sealed class Responses<T> : IServerStreamWriter<T>
{
    private readonly ConcurrentQueue<T> _messages = new();

    public IReadOnlyList<T> Messages => [.. _messages];

    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message)
    {
        _messages.Enqueue(message);
        return Task.CompletedTask;
    }

    public Task WriteAsync(T message, CancellationToken cancellationToken) => WriteAsync(message);
}

/// <summary>A call that nothing interrupts.</summary>
internal sealed class QuietCall : ServerCallContext
{
    protected override string MethodCore => "/diffusion.mesh.v1.Unet/Denoise";

    protected override string HostCore => "localhost";

    protected override string PeerCore => "ipv4:127.0.0.1:0";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => CancellationToken.None;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore { get; } = new(null, []);

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
