using Diffusion.Mesh.FunctionalTests.Otlp;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A log record as the receiver got it.</summary>
/// <param name="Trace">Empty where it was written outside of every span.</param>
internal sealed record ReceivedLog(string Service, string Body, string Trace, string Span)
{
    public static IEnumerable<ReceivedLog> From(ExportLogsServiceRequest request) =>
        from resource in request.ResourceLogs
        let service = resource.Resource.Attributes.Single(a => a.Key == "service.name").Value.StringValue
        from scope in resource.ScopeLogs
        from record in scope.LogRecords
        select new ReceivedLog(
            service, record.Body.StringValue, Convert.ToHexStringLower(record.TraceId.Span), Convert.ToHexStringLower(record.SpanId.Span));
}
