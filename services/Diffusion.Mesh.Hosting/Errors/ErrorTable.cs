using System.Collections.Frozen;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>The one table from expected failures to gRPC status codes.</summary>
public static class ErrorTable
{
    private static readonly FrozenDictionary<ServiceError, StatusCode> Codes = new Dictionary<ServiceError, StatusCode>
    {
        [ServiceError.NotFound] = StatusCode.NotFound,
        [ServiceError.Mismatch] = StatusCode.FailedPrecondition,
        [ServiceError.Invalid] = StatusCode.InvalidArgument,
        [ServiceError.AlreadyExists] = StatusCode.AlreadyExists,
        [ServiceError.Unsupported] = StatusCode.Unimplemented,
        [ServiceError.Full] = StatusCode.ResourceExhausted,
        [ServiceError.Unavailable] = StatusCode.Unavailable,
        [ServiceError.Superseded] = StatusCode.Aborted,
        [ServiceError.Unauthenticated] = StatusCode.Unauthenticated,
        [ServiceError.Forbidden] = StatusCode.PermissionDenied,
        [ServiceError.Poison] = StatusCode.FailedPrecondition,
    }.ToFrozenDictionary();

    /// <summary>The status of an expected failure.</summary>
    public static StatusCode Code(ServiceError error) => Codes[error];
}
