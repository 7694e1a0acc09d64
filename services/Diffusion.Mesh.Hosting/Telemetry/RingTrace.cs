using System.Diagnostics;
using System.Globalization;

namespace Diffusion.Mesh.Hosting;

/// <summary>A generation's spans in <see cref="TraceRing"/>, whose lock guards it.</summary>
internal sealed class RingTrace
{
    /// <summary>The most spans that are kept.</summary>
    public const int MostSpans = 4096;

    private readonly List<Activity> _ended = [];

    /// <summary>The job; null as long as there is none.</summary>
    public string? JobId { get; set; }

    /// <summary>Whose it is.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>The spans that belong here, whether they have ended or not.</summary>
    public List<ActivitySpanId> Members { get; } = [];

    /// <summary>How many found no room.</summary>
    public int LeftOut { get; set; }

    /// <summary>Its place in one of the ring's queues; null once it was pushed out.</summary>
    public LinkedListNode<RingTrace>? Place { get; set; }

    /// <summary>Keeps a span that has ended. Only its reference is taken: what is never looked at costs no more.</summary>
    public void Add(Activity ended) => _ended.Add(ended);

    /// <summary>A copy, for use outside the lock.</summary>
    public Activity[] Ended() => [.. _ended];

    /// <summary>Null where no span has ended.</summary>
    public TraceSummary? Summary()
    {
        if (JobId is null || _ended.Count == 0)
            return null;
        var start = _ended.Min(s => s.StartTimeUtc);
        var end = _ended.Max(s => s.StartTimeUtc + s.Duration);
        return new TraceSummary(JobId, Tenant, _ended[0].TraceId.ToHexString(), start, end - start, _ended.Count, LeftOut);
    }

    /// <summary>A span as others read it.</summary>
    public static RecordedSpan Record(Activity span) => new(
        span.TraceId.ToHexString(),
        span.SpanId.ToHexString(),
        span.ParentSpanId == default ? null : span.ParentSpanId.ToHexString(),
        span.DisplayName,
        span.Source.Name,
        span.StartTimeUtc,
        span.Duration,
        span.Status.ToString().ToLowerInvariant(),
        span.TagObjects.ToDictionary(tag => tag.Key, tag => Text(tag.Value)),
        [.. span.Links.Select(link => new RecordedLink(link.Context.TraceId.ToHexString(), link.Context.SpanId.ToHexString()))]);

    private static string Text(object? value) => value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
