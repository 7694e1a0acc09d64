using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The public edge for gRPC.</summary>
internal sealed class GenerationService(Generations generations, JobWatching watching, Disconnects disconnects) : Generation.GenerationBase
{
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
        return await generations.GetAsync(context.Caller(), id, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override Task Watch(WatchRequest request, IServerStreamWriter<GenerateEvent> responseStream, ServerCallContext context) =>
        WatchAsync(request.JobId, request.AfterSequence, responseStream, context);

    /// <inheritdoc/>
    public override Task<V1.Job> GetJob(GetJobRequest request, ServerCallContext context) =>
        generations.GetAsync(context.Caller(), request.JobId, context.CancellationToken);

    /// <inheritdoc/>
    public override Task<ListJobsResponse> ListJobs(ListJobsRequest request, ServerCallContext context) =>
        generations.ListAsync(context.Caller(), request, context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<CancelResponse> Cancel(CancelRequest request, ServerCallContext context)
    {
        await generations.CancelAsync(context.Caller().Tenant, request.JobId, context.CancellationToken);
        return new CancelResponse();
    }

    /// <inheritdoc/>
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var response = new ListModelsResponse();
        response.Models.AddRange(generations.Models(context.Caller()).Select(ModelMessages.Of));
        return Task.FromResult(response);
    }

    private async Task<(string Id, ValidRequest Valid)> SubmitAsync(GenerateRequest request, ServerCallContext context)
    {
        var deadline = context.Deadline == DateTime.MaxValue ? DateTimeOffset.MaxValue : new DateTimeOffset(context.Deadline);
        var submitted = await generations.SubmitAsync(request, context.Caller(), deadline);
        Refusals.Accepted(context);
        return submitted;
    }

    private async Task WatchAsync(string id, ulong after, IServerStreamWriter<GenerateEvent> stream, ServerCallContext context)
    {
        using var entered = disconnects.Enter(id);
        await watching.FollowAsync(context.Caller().Tenant, id, after, stream, context.CancellationToken);
    }
}
