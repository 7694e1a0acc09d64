using System.Diagnostics;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>A span around a call, as OpenTelemetry's RPC conventions have it.</summary>
internal static class RpcSpan
{
    // A server is to blame for these only; the others are the caller's.
    private static readonly StatusCode[] ServerErrors =
    [
        StatusCode.Unknown, StatusCode.DeadlineExceeded, StatusCode.Unimplemented, StatusCode.Internal, StatusCode.Unavailable, StatusCode.DataLoss,
    ];

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
        var code = error switch
        {
            null => StatusCode.OK,
            RpcException rpc => rpc.StatusCode,
            OperationCanceledException => StatusCode.Cancelled,
            _ => StatusCode.Unknown,
        };
        span.SetTag(TelemetryNames.RpcStatus, Name(code));
        if (code != StatusCode.OK && (span.Kind == ActivityKind.Client || ServerErrors.Contains(code)))
            span.SetTag(TelemetryNames.ErrorType, Name(code)).SetStatus(ActivityStatusCode.Error);
        span.Dispose();
    }

    /// <summary>DeadlineExceeded as DEADLINE_EXCEEDED.</summary>
    public static string Name(StatusCode code) =>
        code == StatusCode.OK ? "OK" : string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
