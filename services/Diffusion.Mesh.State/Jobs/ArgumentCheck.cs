using System.Text.RegularExpressions;

namespace Diffusion.Mesh.State;

/// <summary>What callers may hand in: names become parts of keys, and numbers parts of scores.</summary>
internal static partial class ArgumentCheck
{
    /// <exception cref="ArgumentException">Names everything that is wrong.</exception>
    public static void Submission(JobSubmission submission, DateTimeOffset now)
    {
        var limits = submission.Limits;
        Refuse(
            (Name().IsMatch(submission.Id) && !submission.Id.Contains('.'), "Id must be 1 to 64 characters of [A-Za-z0-9_-]"),
            (Name().IsMatch(submission.Tenant), "Tenant must be 1 to 64 characters of [A-Za-z0-9._-]"),
            (submission.RequestId.Length <= 128, "RequestId must be at most 128 characters"),
            (submission.RequestHash.Length <= 64, "RequestHash must be at most 64 bytes"),
            (submission.Priority is >= -100 and <= 100, "Priority must be -100 to 100"),
            (double.IsFinite(submission.Cost) && submission.Cost > 0, "Cost must be above 0"),
            (submission.Deadline <= now + JobStoreLimits.LongestDeadline, $"Deadline must be at most {JobStoreLimits.LongestDeadline} ahead"),
            (IsRetention(submission.Retention), $"Retention must be above 0, and at most {JobStoreLimits.LongestRetention}"),
            (double.IsFinite(limits.Weight) && limits.Weight > 0, "Limits.Weight must be above 0"),
            (limits.ConcurrentCost > 0, "Limits.ConcurrentCost must be above 0"),
            (limits.CostPerMinute > 0, "Limits.CostPerMinute must be above 0"),
            (limits.QueuedJobs >= 0, "Limits.QueuedJobs must be 0 or more"),
            (submission.QueueBound >= 0, "QueueBound must be 0 or more"),
            (submission.FirstEvent.Sequence == JobSequence.First, $"FirstEvent.Sequence must be {JobSequence.First}"),
            (IsSlot(submission.FirstEvent.Slot), SlotRule));
    }

    public static void Lease(string owner, TimeSpan lease) => Refuse(
        (owner.Length is > 0 and <= 128, "The owner's name must be 1 to 128 characters"),
        (lease >= JobStoreLimits.ShortestLease && lease <= JobStoreLimits.LongestLease,
            $"A lease must be {JobStoreLimits.ShortestLease} to {JobStoreLimits.LongestLease}"));

    public static void Events(IEnumerable<JobEvent> events) => Refuse((events.All(e => IsSlot(e.Slot)), SlotRule));

    public static void End(JobEnd end)
    {
        Events(end.Events);
        Refuse(
            (end.State is JobState.Done or JobState.Failed or JobState.Cancelled, "State must be an end"),
            (IsRetention(end.Retention), $"Retention must be above 0, and at most {JobStoreLimits.LongestRetention}"));
    }

    public static void Page(int pageSize) =>
        Refuse((pageSize is > 0 and <= JobStoreLimits.LargestPage, $"A page has 1 to {JobStoreLimits.LargestPage} jobs"));

    /// <summary>The arrival number after which a page begins; all numbers are below the first page's.</summary>
    /// <exception cref="FormatException">No page token of ours.</exception>
    public static long PageToken(string token) =>
        token.Length == 0 ? long.MaxValue
        : long.TryParse(token, out var arrival) && arrival > 0 ? arrival
        : throw new FormatException("The page token is none that a list was answered with.");

    private const string SlotRule = "An event's Slot must be 1 to 64 ASCII characters";

    private static bool IsSlot(string slot) => slot.Length is > 0 and <= 64 && slot.All(char.IsAscii);

    private static bool IsRetention(TimeSpan retention) => retention > TimeSpan.Zero && retention <= JobStoreLimits.LongestRetention;

    private static void Refuse(params (bool Good, string Rule)[] rules)
    {
        var broken = rules.Where(rule => !rule.Good).Select(rule => rule.Rule).ToArray();
        if (broken.Length > 0)
            throw new ArgumentException(string.Join("; ", broken) + ".");
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$")]
    private static partial Regex Name();
}
