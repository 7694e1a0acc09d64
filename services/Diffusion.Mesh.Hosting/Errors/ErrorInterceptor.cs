using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Hosting;

/// <summary>Turns exceptions into gRPC status. What nobody expected is logged here, and the client learns no more than that it happened.</summary>
internal sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> logger) : CallInterceptor
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task AroundAsync(ServerCallContext context, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception e)
        {
            throw await TranslateAsync(e, context);
        }
    }

    private async Task<RpcException> TranslateAsync(Exception error, ServerCallContext context)
    {
        // Who reads or writes a stream hears of its reset a moment before the token does.
        if (error is IOException or InvalidOperationException && !context.CancellationToken.IsCancellationRequested)
            await Task.Delay(Moment, TimeProvider.System, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Translate(error, context);
    }

    private RpcException Translate(Exception error, ServerCallContext context)
    {
        switch (error)
        {
            case RpcException known:
                return known;
            case ServiceException expected:
                return new RpcException(new Status(ErrorTable.Code(expected.Error), RichErrors.Short(expected.Message)));
            case OperationCanceledException when context.Deadline <= TimeProvider.System.GetUtcNow().UtcDateTime:
                return new RpcException(new Status(StatusCode.DeadlineExceeded, "The deadline passed."));
            case OperationCanceledException:
                return new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled."));
            case IOException or InvalidOperationException when context.CancellationToken.IsCancellationRequested:
                // The stream broke because the caller went away; nobody reads this answer.
                return new RpcException(new Status(StatusCode.Cancelled, "The caller is gone."));
            default:
                LogUnexpected(error, context.Method);
                return new RpcException(new Status(StatusCode.Internal, "An internal error happened; the server's log has it."));
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} failed unexpectedly")]
    private partial void LogUnexpected(Exception error, string method);
}
