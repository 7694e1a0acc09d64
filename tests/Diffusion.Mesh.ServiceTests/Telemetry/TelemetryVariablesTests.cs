using Diffusion.Mesh.Hosting;
using OpenTelemetry.Exporter;

namespace Diffusion.Mesh.ServiceTests;

public sealed class TelemetryVariablesTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317";

    [Theory]
    [InlineData("", false, false, false)]
    [InlineData(Endpoint, true, true, true)]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://collector:4317", false, true, false)]
    [InlineData(Endpoint + " OTEL_TRACES_EXPORTER=none", false, true, true)]
    [InlineData(Endpoint + " OTEL_LOGS_EXPORTER=otlp,console", true, true, true)]
    [InlineData("OTEL_TRACES_EXPORTER=otlp", false, false, false)]
    [InlineData(Endpoint + " OTEL_SDK_DISABLED=true", false, false, false)]
    public void From_Variables_ExportsWhatHasAnEndpoint(string variables, bool traces, bool metrics, bool logs) =>
        Assert.Equal(new ExportedSignals(traces, metrics, logs), ExportedSignals.From(Set(variables)));

    [Fact]
    public void Problems_NoAddress_IsNamed()
    {
        var problem = Assert.Single(ExportedSignals.Problems(Set("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317 OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=https://logs")));

        Assert.StartsWith("OTEL_EXPORTER_OTLP_ENDPOINT ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Configure_OneSignalsVariables_GoBeforeThoseOfAll()
    {
        var options = new OtlpExporterOptions { Endpoint = new Uri("http://all:4317"), Headers = "a=b", TimeoutMilliseconds = 5 };

        SignalExport.Configure(options, "LOGS", Set("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://logs/v1/logs OTEL_EXPORTER_OTLP_LOGS_PROTOCOL=http/protobuf OTEL_EXPORTER_OTLP_LOGS_TIMEOUT=7"));
        Assert.Equal(("http://logs/v1/logs", OtlpExportProtocol.HttpProtobuf, "a=b", 7), (options.Endpoint.ToString(), options.Protocol, options.Headers, options.TimeoutMilliseconds));

        SignalExport.Configure(options, "TRACES", Set("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=grpc OTEL_EXPORTER_OTLP_TRACES_HEADERS=c=d"));
        Assert.Equal((OtlpExportProtocol.Grpc, "c=d", 7), (options.Protocol, options.Headers, options.TimeoutMilliseconds));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=false", false)]
    [InlineData("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=True", true)]
    public void From_CaptureVariable_IsOffUnlessAskedFor(string variables, bool isOn) => Assert.Equal(isOn, ContentCapture.From(Set(variables)).IsOn);

    private static Func<string, string?> Set(string variables)
    {
        var set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=', 2)).ToDictionary(v => v[0], v => v[1]);
        return name => set.GetValueOrDefault(name);
    }
}
