using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The public edge.</summary>
internal sealed class GenerationService(
    RequestParser parser,
    JobSubmitting submitting,
    JobWatching watching,
    Disconnects disconnects,
    IJobStore store,
    JobPace pace,
    ModelRepository models,
    ServiceTelemetry telemetry,
    StageMetrics stages,
    ContentCapture content,
    TimeProvider time) : Generation.GenerationBase
{
    private const int DefaultPage = 50;

    /// <inheritdoc/>
    public override async Task Generate(GenerateRequest request, IServerStreamWriter<GenerateEvent> responseStream, ServerCallContext context)
    {
        var (id, valid) = await SubmitAsync(request, context);
        try
        {
            await WatchAsync(id, 0, responseStream, context);
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested && !valid.Detach)
        {
            disconnects.Left(context.Caller().Tenant, id);
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task<V1.Job> Submit(GenerateRequest request, ServerCallContext context)
    {
        var (id, _) = await SubmitAsync(request, context);
        return await GetAsync(id, context);
    }

    /// <inheritdoc/>
    public override Task Watch(WatchRequest request, IServerStreamWriter<GenerateEvent> responseStream, ServerCallContext context) =>
        WatchAsync(request.JobId, request.AfterSequence, responseStream, context);

    /// <inheritdoc/>
    public override Task<V1.Job> GetJob(GetJobRequest request, ServerCallContext context) => GetAsync(request.JobId, context);

    /// <inheritdoc/>
    public override async Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context)
    {
        var state = JobMessages.Filter(request.State);
        if (request.PageSize is < 0 or > JobStoreLimits.LargestPage)
            throw RichErrors.BadRequest([new("page_size", $"It must be 0 to {JobStoreLimits.LargestPage}, and is {request.PageSize}.")]);
        try
        {
            var size = request.PageSize == 0 ? DefaultPage : request.PageSize;
            var page = await store.ListAsync(context.Caller().Tenant, state, size, request.PageToken, context.CancellationToken);
            var response = new ListJobsResponse { NextPageToken = page.NextPageToken };
            response.Jobs.AddRange(page.Jobs.Select(job => JobMessages.Of(job, time.GetUtcNow(), pace)));
            return response;
        }
        catch (FormatException)
        {
            throw RichErrors.BadRequest([new("page_token", "It must be that of a response before.")]);
        }
    }

    /// <inheritdoc/>
    public override async Task<CancelResponse> Cancel(CancelRequest request, ServerCallContext context) =>
        await store.CancelAsync(context.Caller().Tenant, request.JobId, context.CancellationToken)
            ? new CancelResponse()
            : throw new ServiceException(ServiceError.NotFound, "There is no such job, or it has ended.");

    /// <inheritdoc/>
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var response = new ListModelsResponse();
        response.Models.AddRange(models.Models.Where(m => context.Caller().MayUse(m.Name)).Select(ModelMessages.Of));
        return Task.FromResult(response);
    }

    private async Task<(string Id, ValidRequest Valid)> SubmitAsync(GenerateRequest request, ServerCallContext context)
    {
        ValidRequest valid;
        using (telemetry.Start(TelemetryNames.ValidateSpan))
            valid = stages.Measure(TelemetryNames.ValidateSpan, () => parser.Parse(request));
        if (!context.Caller().MayUse(valid.Model.Name))
            throw new ServiceException(ServiceError.Forbidden, $"This key is not for model '{valid.Model.Name}'.");
        var deadline = context.Deadline == DateTime.MaxValue ? DateTimeOffset.MaxValue : new DateTimeOffset(context.Deadline);
        var id = await submitting.SubmitAsync(request, valid, context.Caller(), deadline);
        Refusals.Accepted(context);
        Describe(Activity.Current, id, valid);
        if (content.IsOn)
            RequestContent.Describe(Activity.Current, valid);
        return (id, valid);
    }

    private async Task WatchAsync(string id, ulong after, IServerStreamWriter<GenerateEvent> stream, ServerCallContext context)
    {
        using var entered = disconnects.Enter(id);
        await watching.FollowAsync(context.Caller().Tenant, id, after, stream, context.CancellationToken);
    }

    private async Task<V1.Job> GetAsync(string id, ServerCallContext context) =>
        await store.GetAsync(context.Caller().Tenant, id, context.CancellationToken) is { } job
            ? JobMessages.Of(job, time.GetUtcNow(), pace)
            : throw new ServiceException(ServiceError.NotFound, "There is no such job, or it is forgotten.");

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
