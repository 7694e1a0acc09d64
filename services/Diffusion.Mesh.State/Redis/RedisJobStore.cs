using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <summary>The store that any number of processes share. <see cref="RedisKeys"/> has the schema; each method is one script.</summary>
/// <param name="redis">An instance that <see cref="RedisRequirements"/> has found fit.</param>
public sealed partial class RedisJobStore(RedisConnection redis, TimeProvider time) : IJobStore, IAsyncDisposable
{
    private readonly RedisSignals _signals = new(redis, time);

    /// <inheritdoc/>
    public event Action<StoreEnd>? EndedAlone;

    private TimeSpan Patience => redis.Options.Patience;

    private TimeSpan LongPatience => redis.Options.LongPatience;

    /// <inheritdoc/>
    public async Task<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellation)
    {
        ArgumentCheck.Submission(submission, time.GetUtcNow());
        try
        {
            return JobFields.Submitted(await redis.RunAsync(RedisScript.Submit, Patience, Arguments(submission), cancellation));
        }
        catch (RedisServerException e) when (RedisFaults.IsFull(e))
        {
            return new SubmitResult(SubmitOutcome.StoreFull, "", StoreEnds.RetryAfter);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ClaimedJob>> ClaimAsync(ClaimRequest request, CancellationToken cancellation)
    {
        ArgumentCheck.Lease(request.Owner, request.Lease);
        // Without any model nothing fits; the script takes no models for any.
        var max = request.Models is { Count: 0 } ? 0 : request.Max;
        RedisValue[] arguments =
        [
            request.Owner, max, Milliseconds(request.Lease), StoreEnds.Deadline, StoreEnds.Cancelled,
            .. (request.Models ?? []).Select(model => (RedisValue)model),
        ];
        // Not repeated: the first try may have taken jobs.
        var answer = (RedisResult[])(await redis.RunAsync(RedisScript.Claim, TimeSpan.Zero, arguments, cancellation))!;
        TellAlone(answer[1]);
        return [.. ((RedisResult[])answer[0]!).Select(JobFields.Claimed)];
    }

    /// <inheritdoc/>
    public Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellation) => _signals.WaitForWorkAsync(atMost, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> CancellationsAsync(CancellationToken cancellation) => _signals.CancellationsAsync(cancellation);

    /// <inheritdoc/>
    public async Task<bool> CancelAsync(string tenant, string id, CancellationToken cancellation)
    {
        var answer = (RedisResult[])(await redis.RunAsync(RedisScript.Cancel, Patience, [tenant, id, StoreEnds.Cancelled], cancellation))!;
        TellAlone(answer[1]);
        return (bool)answer[0];
    }

    /// <summary>Leaves the channels; the connection is its owner's.</summary>
    public ValueTask DisposeAsync() => _signals.DisposeAsync();

    private void TellAlone(RedisResult ends)
    {
        foreach (var end in (RedisResult[])ends!)
            EndedAlone?.Invoke(JobFields.Alone(end));
    }

    private static RedisValue[] Arguments(JobSubmission submission) =>
    [
        submission.Id, submission.Tenant, submission.RequestId, RequestKey(submission.RequestId), submission.RequestHash.ToArray(), submission.Spec.ToArray(),
        submission.TraceParent, submission.TraceState, submission.Priority, Number(submission.Cost), submission.Deadline.ToUnixTimeMilliseconds(),
        submission.Model, submission.Evaluations, Milliseconds(submission.Retention), Number(submission.Limits.Weight),
        Number(submission.Limits.ConcurrentCost), Number(submission.Limits.CostPerMinute), submission.Limits.QueuedJobs, submission.QueueBound,
        submission.FirstEvent.Slot, EventPacket.Write(submission.FirstEvent),
    ];

    // Whatever characters the client's id has.
    private static string RequestKey(string requestId) =>
        requestId.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(requestId)));

    private static long Milliseconds(TimeSpan time) => Math.Max(1, (long)time.TotalMilliseconds);

    private static string Number(double value) => double.IsInfinity(value) ? "inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
