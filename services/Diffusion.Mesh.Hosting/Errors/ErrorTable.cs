using System.Collections.Frozen;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Hosting;

/// <summary>The one table from expected failures to gRPC status codes, and from these to HTTP's.</summary>
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

    // As Google's APIs have them.
    private static readonly FrozenDictionary<StatusCode, int> HttpStatuses = new Dictionary<StatusCode, int>
    {
        [StatusCode.InvalidArgument] = StatusCodes.Status400BadRequest,
        [StatusCode.FailedPrecondition] = StatusCodes.Status400BadRequest,
        [StatusCode.OutOfRange] = StatusCodes.Status400BadRequest,
        [StatusCode.Unauthenticated] = StatusCodes.Status401Unauthorized,
        [StatusCode.PermissionDenied] = StatusCodes.Status403Forbidden,
        [StatusCode.NotFound] = StatusCodes.Status404NotFound,
        [StatusCode.AlreadyExists] = StatusCodes.Status409Conflict,
        [StatusCode.Aborted] = StatusCodes.Status409Conflict,
        [StatusCode.ResourceExhausted] = StatusCodes.Status429TooManyRequests,
        [StatusCode.Cancelled] = StatusCodes.Status499ClientClosedRequest,
        [StatusCode.Unimplemented] = StatusCodes.Status501NotImplemented,
        [StatusCode.Unavailable] = StatusCodes.Status503ServiceUnavailable,
        [StatusCode.DeadlineExceeded] = StatusCodes.Status504GatewayTimeout,
    }.ToFrozenDictionary();

    /// <summary>The status of an expected failure.</summary>
    public static StatusCode Code(ServiceError error) => Codes[error];

    /// <summary>The HTTP status for a gRPC one; 500 for those that nobody expects.</summary>
    public static int HttpStatus(StatusCode code) => HttpStatuses.GetValueOrDefault(code, StatusCodes.Status500InternalServerError);

    /// <summary>A status as gRPC writes it, for example <c>INVALID_ARGUMENT</c>.</summary>
    public static string Name(StatusCode code) => RpcStatus.Name(code);
}
