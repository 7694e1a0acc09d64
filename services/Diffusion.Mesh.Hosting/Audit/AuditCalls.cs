using System.Collections.Frozen;
using Diffusion.Mesh.Identity;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diffusion.Mesh.Hosting;

/// <summary>Entries about calls: who makes them, from where, and by which method.</summary>
public sealed class AuditCalls(AuditLog log, IHttpContextAccessor calls, TimeProvider time)
{
    // Refusals of one caller that are written within a minute: strangers should not fill the disk.
    private const int MostRefusals = 60;

    private static readonly object Job = new();

    // What else goes wrong is nobody's attempt.
    private static readonly FrozenSet<string> Refusals = new[]
    {
        StatusCode.Unauthenticated, StatusCode.PermissionDenied, StatusCode.ResourceExhausted, StatusCode.InvalidArgument, StatusCode.NotFound, StatusCode.AlreadyExists,
    }.Select(ErrorTable.Name).ToFrozenSet();

    private readonly MinuteCounts<string> _refusals = new("", time);

    /// <summary>A call became a job.</summary>
    /// <param name="more">What the entry tells of it.</param>
    public void Submitted(Func<AuditEntry, AuditEntry> more)
    {
        HasJob();
        Note("submitted", more);
    }

    /// <summary>A call has a job: the error that it ends with is the job's, and refuses nobody.</summary>
    public void HasJob()
    {
        if (calls.HttpContext is { } context)
            context.Items[Job] = true;
    }

    /// <summary>Whether a call has a job.</summary>
    public static bool HasJob(HttpContext context) => context.Items.ContainsKey(Job);

    /// <summary>What a call did.</summary>
    /// <param name="what">The entry's event.</param>
    /// <param name="more">What it is about.</param>
    public void Note(string what, Func<AuditEntry, AuditEntry> more) => log.Write(more(Entry(calls.HttpContext, what)));

    /// <summary>What happened without a call.</summary>
    /// <param name="what">The entry's event.</param>
    /// <param name="more">What it is about.</param>
    public void NoteAlone(string what, Func<AuditEntry, AuditEntry> more) => log.Write(more(Entry(null, what)));

    /// <summary>A call ended with an error; taken down where that refuses it.</summary>
    /// <param name="status">gRPC's name for the error.</param>
    public void Refused(HttpContext context, string status)
    {
        if (!Refusals.Contains(status) || HasJob(context))
            return;
        var entry = Entry(context, "refused") with { Status = status };
        var count = _refusals.Count(entry.Key is null ? PeerNetwork.Of(context.Connection.RemoteIpAddress).ToString() : $"{entry.Key}/{entry.Tenant}");
        if (count <= MostRefusals)
            log.Write(count < MostRefusals ? entry : entry with { Last = true });
    }

    private AuditEntry Entry(HttpContext? context, string what)
    {
        var entry = new AuditEntry(time.GetUtcNow(), what);
        if (context is null)
            return entry;
        var caller = context.Features.Get<Caller>();
        return entry with
        {
            Door = Listeners.IsGrpc(context) ? "grpc" : "http",
            // The route's pattern: a path may hold anything.
            Method = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
            Peer = context.Connection.RemoteIpAddress?.ToString(),
            Key = caller?.KeyId is { Length: > 0 } key ? key : null,
            Tenant = caller?.Tenant,
        };
    }
}
