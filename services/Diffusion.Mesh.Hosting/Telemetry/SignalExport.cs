using System.Globalization;
using OpenTelemetry.Exporter;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// The variables of a single signal, <c>OTEL_EXPORTER_OTLP_SIGNAL_*</c>. The SDK reads them itself only where one exporter takes all signals; this one takes those that
/// have an endpoint.
/// </summary>
internal static class SignalExport
{
    /// <param name="options">As the variables for all signals have it.</param>
    /// <param name="signal">TRACES, METRICS or LOGS.</param>
    /// <param name="variable">Value of an environment variable; null or empty: not set.</param>
    public static void Configure(OtlpExporterOptions options, string signal, Func<string, string?> variable)
    {
        if (Value("PROTOCOL") is { } protocol)
            options.Protocol = protocol == "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        // Used as it is: a path is appended to the common endpoint only.
        if (Value("ENDPOINT") is { } endpoint)
            options.Endpoint = new Uri(endpoint);
        if (Value("HEADERS") is { } headers)
            options.Headers = headers;
        if (Value("TIMEOUT") is { } timeout && int.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            options.TimeoutMilliseconds = milliseconds;

        string? Value(string what) => variable($"OTEL_EXPORTER_OTLP_{signal}_{what}")?.Trim() is { Length: > 0 } text ? text : null;
    }
}
