using System.Diagnostics;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>A span around a call, as OpenTelemetry's RPC conventions have it.</summary>
internal static class RpcSpan
{
    public static Activity? Start(ActivitySource source, string method, ActivityKind kind, ActivityContext parent)
    {
        var name = method.TrimStart('/');
        var span = source.StartActivity(name, kind, parent);
        span?.SetTag(TelemetryNames.RpcSystem, "grpc").SetTag(TelemetryNames.RpcMethod, name);
        return span;
    }

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
}
