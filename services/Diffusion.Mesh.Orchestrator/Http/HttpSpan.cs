using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A server span around a call, as OpenTelemetry's HTTP conventions have it.</summary>
internal static class HttpSpan
{
    public static Activity? Start(ServiceTelemetry telemetry, HttpContext context)
    {
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
        var headers = context.Request.Headers;
        ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent);
        return telemetry.Start($"{context.Request.Method} {route}", ActivityKind.Server, parent)?
            .SetTag(TelemetryNames.HttpMethod, context.Request.Method)
            .SetTag(TelemetryNames.HttpRoute, route);
    }

    public static void Finish(Activity? span, int status)
    {
        span?.SetTag(TelemetryNames.HttpStatus, status);
        // A server is to blame for these only; the others are the caller's.
        if (status >= StatusCodes.Status500InternalServerError)
            span?.SetTag(TelemetryNames.ErrorType, $"{status}").SetStatus(ActivityStatusCode.Error);
    }
}
