using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>How long gRPC calls take and how they end, on either side.</summary>
public sealed class CallMetrics(ServiceMeter meter)
{
    private readonly Histogram<double> _served = meter.Seconds(TelemetryNames.Metrics.ServerCallDuration, "Duration of the calls that this service answers.");
    private readonly Histogram<double> _made = meter.Seconds(TelemetryNames.Metrics.ClientCallDuration, "Duration of the calls that this service makes.");

    /// <summary>A call to this service ended.</summary>
    /// <param name="method">Its full name; only methods that are mapped come here, so there are few.</param>
    public void Served(string method, StatusCode code, TimeSpan duration) => Record(_served, method, code, duration, RpcStatus.IsServerError(code));

    /// <summary>A call of this service ended.</summary>
    public void Made(string method, StatusCode code, TimeSpan duration) => Record(_made, method, code, duration, code != StatusCode.OK);

    private static void Record(Histogram<double> histogram, string method, StatusCode code, TimeSpan duration, bool isError)
    {
        if (!histogram.Enabled)
            return;
        var status = RpcStatus.Name(code);
        var tags = new TagList
        {
            { TelemetryNames.RpcSystem, "grpc" }, { TelemetryNames.RpcMethod, method.TrimStart('/') }, { TelemetryNames.RpcStatus, status },
        };
        if (isError)
            tags.Add(TelemetryNames.ErrorType, status);
        histogram.Record(duration.TotalSeconds, tags);
    }
}
