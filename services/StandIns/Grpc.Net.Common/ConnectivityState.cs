namespace Grpc.Core;

/// <summary>How a channel is connected.</summary>
public enum ConnectivityState
{
    /// <summary>Not connected and not trying.</summary>
    Idle,

    /// <summary>Trying to connect.</summary>
    Connecting,

    /// <summary>Connected.</summary>
    Ready,

    /// <summary>Failed to connect, and going to try again.</summary>
    TransientFailure,

    /// <summary>Closed for good.</summary>
    Shutdown,
}
