using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The public edge for gRPC.</summary>
internal sealed class GenerationService(Generations generations, AttendedJobs attended) : Generation.GenerationBase
{
    /// <inheritdoc/>
    public override Task Generate(GenerateRequest request, IServerStreamWriter<GenerateEvent> responseStream, ServerCallContext context) =>
        attended.RunAsync(request, context.Caller(), Deadline(context), responseStream, _ => { }, context.CancellationToken);

    /// <inheritdoc/>
    public override async Task<V1.Job> Submit(GenerateRequest request, ServerCallContext context)
    {
        var (id, _) = await generations.SubmitAsync(request, context.Caller(), Deadline(context));
        return await generations.GetAsync(context.Caller(), id, context.CancellationToken);
    }

    /// <inheritdoc/>
    public override Task Watch(WatchRequest request, IServerStreamWriter<GenerateEvent> responseStream, ServerCallContext context) =>
        attended.WatchAsync(context.Caller().Tenant, request.JobId, request.AfterSequence, responseStream, context.CancellationToken);

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

    private static DateTimeOffset Deadline(ServerCallContext context) =>
        context.Deadline == DateTime.MaxValue ? DateTimeOffset.MaxValue : new DateTimeOffset(context.Deadline);
}
