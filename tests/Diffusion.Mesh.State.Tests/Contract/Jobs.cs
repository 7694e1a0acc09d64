using System.Text;

namespace Diffusion.Mesh.State.Tests;

/// <summary>Submissions and calls of the contract tests.</summary>
internal static class Jobs
{
    public const string Tenant = "ada";
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan ShortLease = TimeSpan.FromMilliseconds(100);

    /// <summary>A job of cost 1 that waits for an hour.</summary>
    public static JobSubmission Submission(string? id = null, string tenant = Tenant) => new()
    {
        Id = id ?? Guid.NewGuid().ToString("N"),
        Tenant = tenant,
        Spec = Bytes("spec"),
        Cost = 1,
        Deadline = DateTimeOffset.UtcNow.AddHours(1),
        Model = "shapes@1",
        Evaluations = 20,
        QueueBound = 1000,
        FirstEvent = Event("queued", JobSequence.First),
        Retention = TimeSpan.FromMinutes(5),
    };

    public static JobEvent Event(string slot, long sequence) => new(slot, sequence, Bytes($"{slot} {sequence}"));

    public static JobEnd Done(params string[] results) =>
        new() { State = JobState.Done, Results = [.. results.Select(Bytes)], Retention = TimeSpan.FromMinutes(5) };

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte>? bytes) => Encoding.UTF8.GetString(bytes!.Value.Span);

    public static async Task<string> AcceptedAsync(this IJobStore store, JobSubmission submission)
    {
        var result = await store.SubmitAsync(submission, default);
        Assert.Equal(SubmitOutcome.Accepted, result.Outcome);
        Assert.Equal(submission.Id, result.JobId);
        return result.JobId;
    }

    public static Task<IReadOnlyList<ClaimedJob>> ClaimAsync(this IJobStore store, int max, TimeSpan? lease = null, string owner = "one") =>
        store.ClaimAsync(new ClaimRequest(owner, max, lease ?? Lease), default);

    public static async Task<ClaimedJob> ClaimOneAsync(this IJobStore store, TimeSpan? lease = null, string owner = "one") =>
        Assert.Single(await store.ClaimAsync(1, lease, owner));

    /// <summary>Claims until a job comes: its lease runs out by the store's clock.</summary>
    public static async Task<ClaimedJob> ClaimSoonAsync(this IJobStore store, string owner)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await store.ClaimAsync(new ClaimRequest(owner, 1, Lease), patience.Token) is [var job])
                return job;
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
            await Task.Delay(20, patience.Token);
    }

    public static Task<RenewalResult> RenewAsync(this IJobStore store, ClaimedJob job, int completed = 0) =>
        store.RenewAsync("one", [new LeaseRenewal(job.Id, job.Epoch, completed)], Lease, default);

    public static async Task<JobState> StateAsync(this IJobStore store, string id) => (await store.GetAsync(Tenant, id, default))!.State;

    /// <summary>Reads a job's events to its end.</summary>
    public static async Task<(List<JobEvent> Events, JobInfo End)> WatchToEndAsync(this IJobStore store, string id, long after = 0)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var events = new List<JobEvent>();
        await foreach (var update in store.WatchAsync(Tenant, id, after, patience.Token))
        {
            if (update.End is { } end)
                return (events, end);
            events.Add(update.Event!);
        }

        throw new InvalidOperationException("The events ended without an end.");
    }
}
