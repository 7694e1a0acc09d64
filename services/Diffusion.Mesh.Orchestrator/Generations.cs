using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What callers may do with jobs, whatever protocol they speak.</summary>
internal sealed class Generations(
    RequestParser parser,
    JobSubmitting submitting,
    IJobStore store,
    JobPace pace,
    ModelRepository models,
    ServiceTelemetry telemetry,
    StageMetrics stages,
    ContentCapture content,
    JobAudit audit,
    TimeProvider time)
{
    private const int DefaultPage = 50;

    /// <summary>Checks a request and puts it into the queue.</summary>
    /// <param name="deadline">When the client stops waiting.</param>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field, or RESOURCE_EXHAUSTED.</exception>
    /// <exception cref="ServiceException">The model is not for this caller, the request id is another's, or the service is draining.</exception>
    public async Task<(string Id, ValidRequest Valid)> SubmitAsync(GenerateRequest request, Caller caller, DateTimeOffset deadline)
    {
        ValidRequest valid;
        using (telemetry.Start(TelemetryNames.ValidateSpan))
            valid = stages.Measure(TelemetryNames.ValidateSpan, () => parser.Parse(request));
        if (!caller.MayUse(valid.Model.Name))
            throw new ServiceException(ServiceError.Forbidden, $"This key is not for model '{valid.Model.Name}'.");
        var id = await submitting.SubmitAsync(request, valid, caller, deadline);
        audit.Submitted(id, valid, request.CalculateSize());
        Describe(Activity.Current, id, valid);
        if (content.IsOn)
            RequestContent.Describe(Activity.Current, valid);
        return (id, valid);
    }

    /// <summary>A job as it is now.</summary>
    /// <exception cref="ServiceException">The caller's tenant has no such job.</exception>
    public async Task<V1.Job> GetAsync(Caller caller, string id, CancellationToken cancellation) =>
        await store.GetAsync(caller.Tenant, id, cancellation) is { } job
            ? JobMessages.Of(job, time.GetUtcNow(), pace)
            : throw new ServiceException(ServiceError.NotFound, "There is no such job, or it is forgotten.");

    /// <summary>The jobs of the caller's tenant, the latest first.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: the page's size or token is none.</exception>
    public async Task<ListJobsResponse> ListAsync(Caller caller, ListJobsRequest request, CancellationToken cancellation)
    {
        var state = JobMessages.Filter(request.State);
        if (request.PageSize is < 0 or > JobStoreLimits.LargestPage)
            throw RichErrors.BadRequest([new("page_size", $"It must be 0 to {JobStoreLimits.LargestPage}, and is {request.PageSize}.")]);
        try
        {
            var size = request.PageSize == 0 ? DefaultPage : request.PageSize;
            var page = await store.ListAsync(caller.Tenant, state, size, request.PageToken, cancellation);
            var response = new ListJobsResponse { NextPageToken = page.NextPageToken };
            response.Jobs.AddRange(page.Jobs.Select(job => JobMessages.Of(job, time.GetUtcNow(), pace)));
            return response;
        }
        catch (FormatException)
        {
            throw RichErrors.BadRequest([new("page_token", "It must be that of a response before.")]);
        }
    }

    /// <summary>Ends a job of a tenant.</summary>
    /// <exception cref="ServiceException">The tenant has no such job, or it has ended.</exception>
    public async Task CancelAsync(string tenant, string id, CancellationToken cancellation)
    {
        if (!await TryCancelAsync(tenant, id, cancellation))
            throw new ServiceException(ServiceError.NotFound, "There is no such job, or it has ended.");
    }

    /// <summary>Ends a job of a tenant, where it has not ended.</summary>
    /// <returns>Whether it was there to be ended.</returns>
    public async Task<bool> TryCancelAsync(string tenant, string id, CancellationToken cancellation)
    {
        if (!await store.CancelAsync(tenant, id, cancellation))
            return false;
        audit.Cancelled(id, tenant);
        return true;
    }

    /// <summary>The models that the caller may use, by name.</summary>
    public IEnumerable<ModelFacts> Models(Caller caller) => models.Models.Where(m => caller.MayUse(m.Name));

    // Never the prompt: it is private.
    private static void Describe(Activity? span, string id, ValidRequest request) => span?
        .SetTag(TelemetryNames.Operation, TelemetryNames.GenerateContent)
        .SetTag(TelemetryNames.OutputType, "image")
        .SetTag(TelemetryNames.Provider, TelemetryNames.ThisProvider)
        .SetTag(TelemetryNames.ResponseId, id)
        .SetTag(TelemetryNames.Model, request.Model.Name)
        .SetTag(TelemetryNames.Seed, unchecked((long)request.Seed))
        .SetTag(TelemetryNames.ImageCount, request.Count)
        .SetTag(TelemetryNames.ImageWidth, request.Width)
        .SetTag(TelemetryNames.ImageHeight, request.Height)
        .SetTag(TelemetryNames.Sampler, request.Sampler.Name)
        .SetTag(TelemetryNames.Steps, request.Schedule.Steps)
        .SetTag(TelemetryNames.GuidanceScale, request.Guidance.Scale);
}
