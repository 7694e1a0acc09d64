using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Calls a worker of a role, and another one, or the same again, where it cannot.</summary>
internal sealed partial class WorkerCalls(
    WorkerDirectory directory, ServiceOptions service, RoutingOptions options, RetryMetrics metrics, TimeProvider time, ILogger<WorkerCalls> logger)
{
    private readonly Backoff _backoff = new(options.FirstBackoff, options.LongestBackoff, options.Jitter);

    // One for each role. Half of the tokens can be spent: the fall of one worker takes one for each job that runs there.
    private readonly RetryBudget[] _budgets =
        [.. Enum.GetValues<WorkerRole>().Select(_ => new RetryBudget(Math.Max(100, 8 * service.Running)))];

    /// <summary>
    /// Waits for a place at a worker and tries again until there is a result, the deadline passes, or nothing speaks for another attempt (see
    /// <see cref="RoutingOptions"/>). Work is deterministic, so a second attempt gives the same result.
    /// </summary>
    /// <param name="work">One attempt. Null: go on with another worker.</param>
    /// <exception cref="ServiceException">No worker can do it; the message names them.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public async Task<T> CallAsync<T>(WorkerCall call, Func<WorkerAttempt, Task<T?>> work)
        where T : class
    {
        var pool = directory.Pool(call.Role);
        var budget = _budgets[(int)call.Role];
        var history = new CallHistory(pool, budget, options, call.EarlierDeaths);
        for (var number = 1; ; number++)
        {
            using (var attempt = new WorkerAttempt(call, number, await pool.EnterAsync(call)))
            {
                var started = time.GetTimestamp();
                var (result, failure) = await TryAsync(attempt, work);
                if (result is not null)
                {
                    budget.Refill();
                    return result;
                }

                Note(pool, attempt, history, failure!, time.GetElapsedTime(started));
            }

            await Task.Delay(_backoff.After(history.InARow), time, call.Cancellation);
        }
    }

    /// <summary>The role's name for people.</summary>
    public static string Name(WorkerRole role) => role switch
    {
        WorkerRole.TextEncoder => "text encoder",
        WorkerRole.Unet => "UNet worker",
        _ => "VAE",
    };

    private static async Task<(T? Result, AttemptFailure? Failure)> TryAsync<T>(WorkerAttempt attempt, Func<WorkerAttempt, Task<T?>> work)
        where T : class
    {
        try
        {
            return await work(attempt) is { } result ? (result, null) : (null, AttemptFailure.HandedBack(attempt));
        }
        catch (RpcException e) when (RichErrors.Problems(e) is { Count: > 0 } problems)
        {
            throw RichErrors.BadRequest(RequestFields.Rename(attempt.Call.Role, problems));
        }
        catch (Exception e) when (AttemptFailure.Of(attempt, e) is { } failure)
        {
            return (null, failure);
        }
    }

    private void Note(WorkerPool pool, WorkerAttempt attempt, CallHistory history, AttemptFailure failure, TimeSpan duration)
    {
        if (failure.End == AttemptEnd.Full)
            pool.PassOver(attempt.Worker);
        else
            pool.Cool(attempt.Worker);
        if (failure.End is AttemptEnd.Failed or AttemptEnd.Died)
            LogFailed(Name(pool.Role), failure.Address, failure.Code, failure.Detail);
        if (failure.End == AttemptEnd.Died)
            attempt.Call.Died(attempt.Number);
        try
        {
            history.Note(failure, duration);
            if (failure.End != AttemptEnd.Full)
                metrics.Retried(pool.Role);
        }
        catch (ServiceException e) when (e.Error == ServiceError.Poison)
        {
            LogPoison(attempt.Call.JobId, Name(pool.Role), history.Deaths);
            throw;
        }
    }

    [LoggerMessage(210, LogLevel.Warning, "The {Role} at {Address} failed with {Status}: {Detail}")]
    private partial void LogFailed(string role, Uri address, StatusCode status, string detail);

    [LoggerMessage(211, LogLevel.Warning, "Job {Job} is given up: each {Role} that ran it died, {Deaths} of them")]
    private partial void LogPoison(string job, string role, int deaths);
}
