using System.Diagnostics;
using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Grpc.Core;
using JobState = Diffusion.Mesh.State.JobState;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>How requests end: those that became jobs, by whoever ends them, and those that were refused. The audit log learns of ends from here.</summary>
internal sealed class RequestMetrics
{
    /// <summary>The label of jobs that cannot be read.</summary>
    public const string UnknownModel = "unknown";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _tenants;
    private readonly TenantNames _names;
    private readonly JobAudit _audit;

    public RequestMetrics(ServiceMeter meter, TenantNames names, JobAudit audit, IJobStore store)
    {
        (_names, _audit) = (names, audit);
        _duration = meter.Seconds(TelemetryNames.Metrics.RequestDuration, "Duration of generations, from their acceptance to their end.");
        _requests = meter.Counter(TelemetryNames.Metrics.Requests, "request", "Generations that have ended.");
        _refused = meter.Counter(TelemetryNames.Metrics.RequestsRefused, "request", "Requests that did not become jobs.");
        _tenants = meter.Counter(TelemetryNames.Metrics.TenantRequests, "request", "Generations that have ended, by tenant.");
        store.EndedAlone += end => Ended(end.Id, end.Tenant, JobModels.Parse(end.Model).Name, end.State, (StatusCode)end.Status, end.Lasted);
    }

    /// <summary>A job ended.</summary>
    /// <param name="id">The job's.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="status">Why, where it is not done.</param>
    /// <param name="lasted">From its acceptance on.</param>
    public void Ended(string id, string tenant, string model, JobState state, StatusCode status, TimeSpan lasted)
    {
        var outcome = state switch
        {
            JobState.Done => "done",
            JobState.Cancelled => "cancelled",
            _ => "failed",
        };
        _audit.Ended(id, tenant, model, outcome, status, lasted);
        KeyValuePair<string, object?> error = new(TelemetryNames.ErrorType, RpcStatus.Name(status));
        var request = new TagList
        {
            { TelemetryNames.Operation, TelemetryNames.GenerateContent }, { TelemetryNames.Provider, TelemetryNames.ThisProvider }, { TelemetryNames.Model, model },
        };
        var ended = new TagList { { TelemetryNames.Model, model }, { TelemetryNames.Outcome, outcome } };
        if (state != JobState.Done)
            request.Add(error);
        if (state == JobState.Failed)
            ended.Add(error);
        _duration.Record(Math.Max(0, lasted.TotalSeconds), request);
        _requests.Add(1, ended);
        _tenants.Add(1, new(TelemetryNames.Tenant, _names.Of(tenant)), new(TelemetryNames.Outcome, outcome));
    }

    /// <summary>A request did not become a job.</summary>
    /// <param name="status">gRPC's name for the reason, for example <c>INVALID_ARGUMENT</c>.</param>
    public void Refused(string status) => _refused.Add(1, new KeyValuePair<string, object?>(TelemetryNames.ErrorType, status));
}
