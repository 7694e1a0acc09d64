using Diffusion.Mesh.Hosting;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What the audit log has of jobs: never what they ask for in words or pictures.</summary>
internal sealed class JobAudit(AuditCalls calls)
{
    /// <summary>A request became a job, or was found to be one.</summary>
    /// <param name="bytes">Size of the request.</param>
    public void Submitted(string id, ValidRequest request, long bytes) => calls.Submitted(entry => entry with
    {
        Job = id,
        Model = request.Model.Name,
        Width = request.Width,
        Height = request.Height,
        Pictures = request.Images,
        Steps = request.Schedule.Steps,
        Bytes = bytes,
        Cost = JobCosts.Of(request),
    });

    /// <summary>A call learns how a job of its caller's ended: that is no refusal.</summary>
    public void Told() => calls.HasJob();

    /// <summary>Somebody cancelled a job.</summary>
    /// <param name="tenant">Whose it is.</param>
    public void Cancelled(string id, string tenant) =>
        calls.Note("cancelled", entry => entry with { Job = id, JobTenant = entry.Tenant == tenant ? null : tenant });

    /// <summary>A job ended.</summary>
    /// <param name="outcome">done, failed or cancelled.</param>
    public void Ended(string id, string tenant, string model, string outcome, StatusCode status, TimeSpan lasted) => calls.NoteAlone("ended", entry => entry with
    {
        Job = id,
        Tenant = tenant,
        Model = model,
        Outcome = outcome,
        Status = status == StatusCode.OK ? null : ErrorTable.Name(status),
        Seconds = Math.Round(Math.Max(0, lasted.TotalSeconds), 3),
    });
}
