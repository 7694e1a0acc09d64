namespace Diffusion.Mesh.State;

/// <summary>A job of <see cref="MemoryJobStore"/>, guarded by its lock.</summary>
internal sealed class MemoryJob(JobSubmission submission, long arrival, DateTimeOffset submitted)
{
    private readonly Dictionary<string, JobEvent> _events = new(StringComparer.Ordinal) { [submission.FirstEvent.Slot] = submission.FirstEvent };
    private TaskCompletionSource _changed = NewSource();

    /// <summary>Who reads its events now.</summary>
    public int Watchers;

    public JobSubmission Submission { get; } = submission;

    public string Id => Submission.Id;

    public DateTimeOffset Submitted => submitted;

    /// <summary>Grows with each submission.</summary>
    public long Arrival { get; } = arrival;

    public JobState State { get; private set; } = JobState.Queued;

    public bool HasEnded => State > JobState.Running;

    public long Epoch { get; private set; }

    /// <summary>Who claimed it last; empty: nobody yet.</summary>
    public string Owner { get; private set; } = "";

    /// <summary>The beginning of time: it was released.</summary>
    public DateTimeOffset LeaseEnd { get; set; }

    public ReadOnlyMemory<byte>? Checkpoint { get; private set; }

    public int Position { get; private set; }

    public int Completed { get; set; }

    /// <summary>In steps x pixels.</summary>
    public double CostLeft => Submission.Cost * Math.Max(0, 1 - ((double)Completed / Math.Max(1, Submission.Evaluations)));

    public HashSet<(long Epoch, int Attempt)> Kills { get; } = [];

    public bool CancelRequested { get; set; }

    public JobEnd? End { get; private set; }

    /// <summary>The epoch whose owner ended it; 0: the store did.</summary>
    public long EndedBy { get; set; }

    public DateTimeOffset Expires { get; private set; }

    /// <summary>Ends when an event or the end comes.</summary>
    public Task Changed => _changed.Task;

    private DateTimeOffset? Started { get; set; }

    private DateTimeOffset? Ended { get; set; }

    /// <summary>Whether an owner of this epoch may write.</summary>
    public bool IsHeld(long epoch) => State == JobState.Running && Epoch == epoch && LeaseEnd > DateTimeOffset.MinValue;

    public ClaimedJob Claim(string owner, DateTimeOffset now, TimeSpan lease)
    {
        (State, Epoch, Owner, LeaseEnd) = (JobState.Running, Epoch + 1, owner, now + lease);
        Started ??= now;
        return new ClaimedJob
        {
            Id = Id,
            Tenant = Submission.Tenant,
            Epoch = Epoch,
            Spec = Submission.Spec,
            TraceParent = Submission.TraceParent,
            TraceState = Submission.TraceState,
            Deadline = Submission.Deadline,
            Submitted = submitted,
            Started = Started.Value,
            Checkpoint = Checkpoint,
            Position = Position,
            Completed = Completed,
            Kills = Kills.Count,
        };
    }

    public void Store(ReadOnlyMemory<byte> checkpoint, int position)
    {
        if (Checkpoint is null || position >= Position)
            (Checkpoint, Position, Completed) = (checkpoint, position, Math.Max(Completed, position));
    }

    public void Tell(JobEvent news)
    {
        if (_events.TryGetValue(news.Slot, out var latest) && latest.Sequence >= news.Sequence)
            return;
        _events[news.Slot] = news;
        Wake();
    }

    /// <summary>The event of the least number after this one.</summary>
    public JobEvent? Next(long after) => _events.Values.Where(e => e.Sequence > after).MinBy(e => e.Sequence);

    public void Finish(JobEnd end, DateTimeOffset now)
    {
        (State, End, Ended, Expires) = (end.State, end, now, now + end.Retention);
        (Checkpoint, CancelRequested) = (null, false);
        if (State == JobState.Done)
            Completed = Submission.Evaluations;
        Wake();
    }

    public JobInfo Info(int? queuePosition = null) => new()
    {
        Id = Id,
        Tenant = Submission.Tenant,
        RequestId = Submission.RequestId,
        State = State,
        QueuePosition = queuePosition,
        Completed = Completed,
        Evaluations = Submission.Evaluations,
        Model = Submission.Model,
        Priority = Submission.Priority,
        Cost = Submission.Cost,
        Submitted = submitted,
        Started = Started,
        Ended = Ended,
        Deadline = Submission.Deadline,
        Expires = Ended is null ? null : Expires,
        Status = End?.Status ?? 0,
        Detail = End?.Detail ?? "",
        Results = End?.Results.Count ?? 0,
        CancelRequested = CancelRequested,
    };

    private void Wake()
    {
        _changed.SetResult();
        _changed = NewSource();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
