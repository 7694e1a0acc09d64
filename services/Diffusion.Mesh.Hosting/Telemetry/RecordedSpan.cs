namespace Diffusion.Mesh.Hosting;

/// <summary>A span as <see cref="TraceRing"/> kept it.</summary>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="SpanId">16 hexadecimal digits.</param>
/// <param name="ParentSpanId">Likewise; null for a trace's first span. The parent can be a span that was recorded elsewhere, or by nobody.</param>
/// <param name="Source">The service's source of spans, for example <c>Diffusion.Mesh.Unet</c>.</param>
/// <param name="Status"><c>unset</c>, <c>ok</c> or <c>error</c>.</param>
/// <param name="Tags">By the names of <see cref="TelemetryNames"/>, the values written the invariant way.</param>
public sealed record RecordedSpan(
    string TraceId,
    string SpanId,
    string? ParentSpanId,
    string Name,
    string Source,
    DateTimeOffset Start,
    TimeSpan Duration,
    string Status,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<RecordedLink> Links);

/// <summary>The span that a link points to.</summary>
public sealed record RecordedLink(string TraceId, string SpanId);

/// <summary>What <see cref="TraceRing"/> has of a generation.</summary>
/// <param name="Duration">From the first span's start to the last one's end, so far.</param>
/// <param name="Spans">How many there are.</param>
/// <param name="LeftOut">How many there was no room for, not counting those below them.</param>
public sealed record TraceSummary(string JobId, string Tenant, string TraceId, DateTimeOffset Start, TimeSpan Duration, int Spans, int LeftOut);
