using Diffusion.Mesh.FunctionalTests.Otlp;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A span as the receiver got it.</summary>
/// <param name="Service">The <c>service.name</c> of its process.</param>
/// <param name="Links">The spans that it links to, as trace and id.</param>
internal sealed record ReceivedSpan(
    string Service,
    string Name,
    string Trace,
    string Id,
    string Parent,
    IReadOnlyDictionary<string, AnyValue> Attributes,
    IReadOnlyList<(string Trace, string Id)> Links)
{
    public bool IsRoot => Parent.Length == 0;

    public static IEnumerable<ReceivedSpan> From(ExportTraceServiceRequest request) =>
        from resource in request.ResourceSpans
        let service = resource.Resource.Attributes.Single(a => a.Key == "service.name").Value.StringValue
        from scope in resource.ScopeSpans
        from span in scope.Spans
        select new ReceivedSpan(
            service,
            span.Name,
            Hex(span.TraceId),
            Hex(span.SpanId),
            Hex(span.ParentSpanId),
            span.Attributes.ToDictionary(a => a.Key, a => a.Value),
            [.. span.Links.Select(l => (Hex(l.TraceId), Hex(l.SpanId)))]);

    private static string Hex(Google.Protobuf.ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
