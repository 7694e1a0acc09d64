namespace Grpc.Core;

/// <summary>A stream of messages to write, one at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>The options of the writes to come, or null for the defaults.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes one message.</summary>
    Task WriteAsync(T message);

    /// <summary>Writes one message unless cancelled.</summary>
    /// <exception cref="NotSupportedException">The writer knows no cancellation.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? throw new NotSupportedException("Cancellation of stream writes is not supported by this gRPC implementation.")
            : WriteAsync(message);
}

/// <summary>The client's stream of requests.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the stream.</summary>
    Task CompleteAsync();
}

/// <summary>The server's stream of responses; it ends when the service method returns.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>
{
}
