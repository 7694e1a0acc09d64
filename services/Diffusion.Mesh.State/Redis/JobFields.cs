using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <summary>Reads what the scripts answer.</summary>
internal static class JobFields
{
    /// <summary>The answer of <c>describe</c> in common.lua, in its order.</summary>
    public static JobInfo Info(string id, RedisResult answer, int queuePosition = 0)
    {
        var fields = (RedisValue[])answer!;
        var state = State(fields[2]!);
        return new JobInfo
        {
            Id = id,
            Tenant = fields[0]!,
            RequestId = fields[1]!,
            State = state,
            QueuePosition = state == JobState.Queued && queuePosition > 0 ? queuePosition : null,
            Completed = (int)fields[3],
            Evaluations = (int)fields[4],
            Model = fields[5]!,
            Priority = (int)fields[6],
            Cost = (double)fields[7],
            Submitted = Time(fields[8])!.Value,
            Started = Time(fields[9]),
            Ended = Time(fields[10]),
            Deadline = Time(fields[11])!.Value,
            Expires = Time(fields[12]),
            Status = (int)fields[13],
            Detail = (string?)fields[14] ?? "",
            Results = (int)fields[15],
            CancelRequested = !fields[16].IsNull,
        };
    }

    /// <summary>One job of claim.lua's answer.</summary>
    public static ClaimedJob Claimed(RedisResult answer)
    {
        var fields = (RedisValue[])answer!;
        return new ClaimedJob
        {
            Id = fields[0]!,
            Tenant = fields[1]!,
            Epoch = (long)fields[2],
            Spec = (byte[])fields[3]!,
            TraceParent = fields[4]!,
            TraceState = fields[5]!,
            Deadline = Time(fields[6])!.Value,
            Submitted = Time(fields[7])!.Value,
            Started = Time(fields[8])!.Value,
            Checkpoint = Bytes(fields[9]),
            Position = (int)fields[10],
            Kills = (int)fields[11],
            Completed = (int)fields[12],
        };
    }

    /// <summary>One of the ends that scripts make by themselves, see <c>finishAlone</c> in common.lua.</summary>
    public static StoreEnd Alone(RedisResult answer)
    {
        var fields = (RedisValue[])answer!;
        return new StoreEnd(fields[6]!, fields[0]!, fields[1]!, State(fields[2]!), (int)fields[3], Time(fields[5])!.Value - Time(fields[4])!.Value);
    }

    /// <summary>Null where there is nothing; an empty value is a value.</summary>
    public static ReadOnlyMemory<byte>? Bytes(RedisValue value)
    {
        if (value.IsNull)
            return null;
        return (byte[])value!;
    }

    public static SubmitResult Submitted(RedisResult answer)
    {
        var fields = (RedisValue[])answer!;
        var outcome = (string)fields[0]! switch
        {
            "accepted" => SubmitOutcome.Accepted,
            "existing" => SubmitOutcome.Existing,
            "conflict" => SubmitOutcome.Conflict,
            "queue_full" => SubmitOutcome.QueueFull,
            _ => SubmitOutcome.QuotaExceeded,
        };
        var wait = outcome == SubmitOutcome.QueueFull ? StoreEnds.RetryAfter : TimeSpan.FromMilliseconds((long)fields[2]);
        return new SubmitResult(outcome, fields[1]!, wait);
    }

    public static string Name(JobState state) => state switch
    {
        JobState.Queued => "queued",
        JobState.Running => "running",
        JobState.Done => "done",
        JobState.Failed => "failed",
        _ => "cancelled",
    };

    private static JobState State(string name) => Enum.GetValues<JobState>().First(state => Name(state) == name);

    private static DateTimeOffset? Time(RedisValue milliseconds) =>
        milliseconds.IsNull ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
}
