using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Errors as HTTP's, by the same table as gRPC's. What nobody expected is logged, and the client learns no more than that it happened.</summary>
internal sealed partial class ApiProblems(TimeProvider time, ILogger<ApiProblems> logger)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <summary>Answers with an error; where the answer has begun already it is torn off.</summary>
    /// <param name="form">As clients of this API read errors.</param>
    /// <returns>Null: the caller is gone.</returns>
    public async Task<ApiProblem?> AnswerAsync(HttpContext context, Exception error, ErrorForm form)
    {
        // Who reads a body hears of its end a moment before the token does.
        if (error is IOException and not BadHttpRequestException)
            await Task.Delay(Moment, time, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (context.RequestAborted.IsCancellationRequested)
            return null;
        var problem = Of(error, context);
        problem = form.Translate?.Invoke(problem) ?? problem;
        if (context.Response.HasStarted)
        {
            context.Abort();
            return problem;
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        if (problem.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = $"{Math.Ceiling(seconds)}";
        context.Response.StatusCode = problem.Status;
        await ApiJson.WriteAsync(context.Response, form.Body(problem), form.MediaType, context.RequestAborted);
        return problem;
    }

    /// <summary>The error that a job ended with.</summary>
    public static ApiProblem Of(RpcException error)
    {
        var status = ErrorTable.HttpStatus(error.StatusCode);
        var fields = RichErrors.Problems(error);
        var retryAfter = RichErrors.RetryAfter(error)?.TotalSeconds;
        return new ApiProblem(status, ErrorTable.Name(error.StatusCode), error.Status.Detail, fields.Count > 0 ? fields : null, retryAfter);
    }

    /// <summary>An error of a call; one that nobody expected is logged.</summary>
    public ApiProblem Of(Exception error, HttpContext context)
    {
        switch (error)
        {
            case RpcException known:
                return Of(known);
            case ServiceException expected:
                return Simple(ErrorTable.Code(expected.Error), expected.Message);
            case StateUnavailableException away:
                LogAway(Route(context), away.Message);
                return Simple(StatusCode.Unavailable, "The store of jobs cannot be reached; try again in a moment.");
            case UnsupportedBodyException unsupported:
                return new ApiProblem(StatusCodes.Status415UnsupportedMediaType, ErrorTable.Name(StatusCode.InvalidArgument), unsupported.Message);
            case BadHttpRequestException bad:
                return new ApiProblem(bad.StatusCode, ErrorTable.Name(StatusCode.InvalidArgument), bad.Message);
            case OperationCanceledException:
                return Simple(StatusCode.DeadlineExceeded, "The call took too long.");
            default:
                LogUnexpected(error, Route(context));
                return Simple(StatusCode.Internal, "An internal error happened; the server's log has it.");
        }
    }

    private static ApiProblem Simple(StatusCode code, string detail) => new(ErrorTable.HttpStatus(code), ErrorTable.Name(code), detail);

    // Not the path: anything may stand in it.
    private static string Route(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";

    [LoggerMessage(250, LogLevel.Error, "{Route} failed unexpectedly")]
    private partial void LogUnexpected(Exception error, string route);

    [LoggerMessage(251, LogLevel.Warning, "{Route} failed: {Reason}")]
    private partial void LogAway(string route, string reason);
}

/// <summary>An error as clients read it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">gRPC's name for it, for example <c>INVALID_ARGUMENT</c>.</param>
/// <param name="Detail">What is wrong, in words.</param>
/// <param name="Errors">Every wrong field of the request; null where it is not about fields.</param>
/// <param name="RetryAfterSeconds">When it makes sense to try again; null where nobody knows.</param>
internal sealed record ApiProblem(int Status, string Code, string Detail, IReadOnlyList<FieldProblem>? Errors = null, double? RetryAfterSeconds = null)
{
    public string Title => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status);
}

/// <summary>A body of another type than JSON.</summary>
internal sealed class UnsupportedBodyException(string message) : Exception(message);
