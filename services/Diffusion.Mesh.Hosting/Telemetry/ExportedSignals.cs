namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Which signals leave the process, by OpenTelemetry's standard variables: those that have an endpoint, by <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> or by the signal's own
/// variable, and whose exporter is not <c>none</c>. Without an endpoint nothing does.
/// </summary>
internal sealed record ExportedSignals(bool Traces, bool Metrics, bool Logs)
{
    private const string CommonEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Disabled = "OTEL_SDK_DISABLED";

    public bool Any => Traces || Metrics || Logs;

    /// <param name="variable">Value of an environment variable; null or empty: not set.</param>
    public static ExportedSignals From(Func<string, string?> variable)
    {
        if (bool.TryParse(variable(Disabled), out var disabled) && disabled)
            return new ExportedSignals(false, false, false);
        return new ExportedSignals(Exports("TRACES"), Exports("METRICS"), Exports("LOGS"));

        bool Exports(string signal) =>
            (IsSet(CommonEndpoint) || IsSet(EndpointOf(signal))) && (Exporters(signal) is { Length: 0 } || Exporters(signal).Contains("otlp"));

        bool IsSet(string name) => !string.IsNullOrWhiteSpace(variable(name));

        string[] Exporters(string signal) =>
            (variable($"OTEL_{signal}_EXPORTER") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What is wrong with the endpoints: the exporter would send to its default address instead.</summary>
    public static IEnumerable<string> Problems(Func<string, string?> variable)
    {
        foreach (var name in new[] { CommonEndpoint, EndpointOf("TRACES"), EndpointOf("METRICS"), EndpointOf("LOGS") })
        {
            var value = variable(name);
            if (!string.IsNullOrWhiteSpace(value) && !IsAddress(value))
                yield return $"{name} must be an address such as http://127.0.0.1:4317, and is '{value}'.";
        }
    }

    private static bool IsAddress(string value) => Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is ("http" or "https");

    private static string EndpointOf(string signal) => $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT";
}
