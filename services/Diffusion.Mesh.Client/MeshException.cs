using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Client;

/// <summary>A call or a job that failed.</summary>
public sealed class MeshException : Exception
{
    internal MeshException(RpcException error, Uri server)
        : base(Words(error, server), error)
    {
        (Status, Server) = (error.StatusCode, server);
        Problems = RichErrors.Problems(error);
        RetryAfter = RichErrors.RetryAfter(error);
    }

    /// <summary>What it ended with; docs of each call in the protos tell which there are.</summary>
    public StatusCode Status { get; }

    /// <summary>The server that said so, or did not answer.</summary>
    public Uri Server { get; }

    /// <summary>Every wrong field of the request; none where that is not the reason.</summary>
    public IReadOnlyList<FieldProblem> Problems { get; }

    /// <summary>When it makes sense to try again, from now; null where the server does not say.</summary>
    public TimeSpan? RetryAfter { get; }

    // An error with an exception inside was made on this side: no answer came.
    private static string Words(RpcException error, Uri server) => error.Status.DebugException is { } broken
        ? $"The server at {server.Authority} cannot be reached: {broken.GetBaseException().Message}"
        : $"The server answered {error.StatusCode}: {error.Status.Detail}";
}
