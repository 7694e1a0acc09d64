using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What operators see: who serves, and what is under way for whom. Never a prompt or a picture.</summary>
internal sealed class OperatorApi(
    WorkerDirectory workers,
    IJobStore store,
    JobPlaces places,
    Leases leases,
    Readiness readiness,
    JobPace pace,
    Generations generations,
    ServiceOptions options,
    TimeProvider time)
{
    private const int MostJobs = 100;

    private string Health => readiness.IsDraining ? "draining" : readiness.IsReady ? "serving" : "starting";

    public async Task ServicesAsync(ApiCall call)
    {
        var active = await store.ActiveAsync(MostJobs, call.Cancellation);
        // Other orchestrators are known by the jobs that they have.
        var others = active.Where(job => job.Owner.Length > 0 && job.Owner != leases.Owner).GroupBy(job => job.Owner);
        await ApiJson.WriteAsync(call, new ServicesAnswer(
            [
                new(options.Name, Health, options.Running - places.Room, options.Running, ServiceVersion.Text),
                .. others.Select(jobs => new OrchestratorView(OwnerName(jobs.Key), "serving", jobs.Count(), null, null)),
            ],
            [.. Enum.GetValues<WorkerRole>().SelectMany(role => workers.Pool(role).Workers).Select(WorkerView.Of)],
            options.Redis is null ? "memory" : "redis"));
    }

    public async Task JobsAsync(ApiCall call)
    {
        var counts = await store.CountAsync(call.Cancellation);
        var active = await store.ActiveAsync(MostJobs, call.Cancellation);
        await ApiJson.WriteAsync(call, new ActiveJobsAnswer(counts.Queued, counts.Running, counts.Tenants, [.. active.Select(View)]));
    }

    public async Task CancelAsync(ApiCall call)
    {
        await generations.CancelAsync(call.Route("tenant"), call.Route("id"), call.Cancellation);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private ActiveJobView View(ActiveJob job)
    {
        var message = JobMessages.Of(job.Info, time.GetUtcNow(), pace);
        // A client may have put anything into its own id.
        message.RequestId = "";
        return new ActiveJobView(job.Info.Tenant, job.Info.Priority, job.Info.Cost, job.Info.CancelRequested, OwnerName(job.Owner), message);
    }

    // Without what tells one start of the process from the next.
    private static string OwnerName(string owner) => owner.LastIndexOf('-') is > 0 and var dash ? owner[..dash] : owner;
}
