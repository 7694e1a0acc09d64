using System.Diagnostics;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>A span around a call, as OpenTelemetry's RPC conventions have it.</summary>
internal static class RpcSpan
{
    /// <summary>A span of the called service.</summary>
    /// <param name="parent">As the caller says.</param>
    public static Activity? StartServer(ServiceTelemetry telemetry, string method, ActivityContext parent) =>
        Describe(telemetry.Start(Name(method), ActivityKind.Server, parent), method);

    /// <summary>A span of the caller, below the current one.</summary>
    public static Activity? StartClient(ActivitySource source, string method) => Describe(source.StartActivity(Name(method), ActivityKind.Client), method);

    public static void Stop(Activity? span, Exception? error)
    {
        if (span is null)
            return;
        var code = RpcStatus.Of(error);
        span.SetTag(TelemetryNames.RpcStatus, RpcStatus.Name(code));
        if (code != StatusCode.OK && (span.Kind == ActivityKind.Client || RpcStatus.IsServerError(code)))
            span.SetTag(TelemetryNames.ErrorType, RpcStatus.Name(code)).SetStatus(ActivityStatusCode.Error);
        span.Dispose();
    }

    private static Activity? Describe(Activity? span, string method) =>
        span?.SetTag(TelemetryNames.RpcSystem, "grpc").SetTag(TelemetryNames.RpcMethod, Name(method));

    private static string Name(string method) => method.TrimStart('/');
}
