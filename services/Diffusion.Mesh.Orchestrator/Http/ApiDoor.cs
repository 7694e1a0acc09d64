using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What stands before every endpoint: origin, identity, limits, the deadline, the span, and errors in the form that its clients read.</summary>
internal sealed class ApiDoor(OriginCheck origins, CallerCheck callers, ApiProblems problems, RequestMetrics requests, AuditCalls audit, ServiceTelemetry telemetry, TimeProvider time)
{
    /// <summary>How long a call may take that is no stream.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string NotForAll =
        "This is for operators: where the server has no keys, calls from its own machine; else calls with a key made by 'mesh keys add --operator'.";

    private const int SmallBody = 64 << 10;

    // A body that comes more slowly is cut off.
    private static readonly MinDataRate Rate = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>An endpoint behind this door.</summary>
    /// <param name="form">How its errors are told; null: as problems.</param>
    public RequestDelegate Open(ApiKind kind, Func<ApiCall, Task> handle, ErrorForm? form = null) => async context =>
    {
        using var deadline = new CancellationTokenSource(kind.HasFlag(ApiKind.Stream) ? Timeout.InfiniteTimeSpan : Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, deadline.Token);
        // ASP.NET Core's own activity is exported by nobody: a span below it would hang in the air.
        Activity.Current = null;
        using var span = kind.HasFlag(ApiKind.Change) ? HttpSpan.Start(telemetry, context) : null;
        try
        {
            Limit(context);
            await handle(new ApiCall(context, await AdmitAsync(context, kind, either.Token), either.Token));
        }
        catch (Exception e)
        {
            var problem = await problems.AnswerAsync(context, e, form ?? ErrorForm.Problem);
            if (problem is not null)
                audit.Refused(context, problem.Code);
            if (kind.HasFlag(ApiKind.Submit) && problem is not null && !AuditCalls.HasJob(context))
                requests.Refused(problem.Code);
        }

        HttpSpan.Finish(span, context.Response.StatusCode);
    };

    /// <summary>The body may be this large.</summary>
    public static void AllowBody(HttpContext context, long bytes) => context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = bytes;

    private static void Limit(HttpContext context)
    {
        AllowBody(context, SmallBody);
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } slow)
            slow.MinDataRate = Rate;
        context.Response.Headers.CacheControl = "no-store";
    }

    private async Task<Caller> AdmitAsync(HttpContext context, ApiKind kind, CancellationToken cancellation)
    {
        if (kind.HasFlag(ApiKind.Signed))
            return Caller.Anonymous;
        origins.CheckPage(context.Request, kind);
        var headers = context.Request.Headers;
        var (bearer, key) = (headers.Authorization.FirstOrDefault(), headers["x-api-key"].FirstOrDefault());
        if (kind.HasFlag(ApiKind.Basic))
            bearer = BasicKey.AsBearer(bearer);
        var caller = await callers.IdentifyAsync(bearer, key, OriginCheck.Peer(context), cancellation);
        context.Features.Set(caller);
        if (caller.KeyId.Length == 0)
            origins.CheckHost(context.Request);
        if (kind.HasFlag(ApiKind.Operator) && !caller.IsOperator)
            throw new ServiceException(ServiceError.Forbidden, NotForAll);
        return caller;
    }
}
