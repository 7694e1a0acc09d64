namespace Diffusion.Mesh.Hosting;

/// <summary>Expected failures, each with one gRPC status (see <see cref="ErrorTable"/>).</summary>
public enum ServiceError
{
    /// <summary>The caller asked for something that is not here.</summary>
    NotFound,

    /// <summary>What the caller builds on has changed: another model revision, a state of another kind.</summary>
    Mismatch,

    /// <summary>The request cannot be used as it is.</summary>
    Invalid,

    /// <summary>The name is in use.</summary>
    AlreadyExists,

    /// <summary>The model cannot do this.</summary>
    Unsupported,

    /// <summary>No room now; worth another try later.</summary>
    Full,

    /// <summary>A service that is needed does not answer.</summary>
    Unavailable,

    /// <summary>Another took the work over.</summary>
    Superseded,

    /// <summary>The caller does not say, or cannot prove, who it is.</summary>
    Unauthenticated,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>The request ended the workers that ran it.</summary>
    Poison,
}

/// <summary>An expected failure with a message for the caller.</summary>
public sealed class ServiceException(ServiceError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure.</summary>
    public ServiceError Error { get; } = error;
}
