using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The public edge.</summary>
internal sealed class GenerationService(
    RequestParser parser, JobTable jobs, ModelRepository models, ServiceOptions options, ServiceTelemetry telemetry)
    : Generation.GenerationBase
{
    /// <inheritdoc/>
    public override async Task Generate(GenerateRequest request, IServerStreamWriter<GenerateEvent> responseStream, ServerCallContext context)
    {
        ValidRequest valid;
        using (telemetry.Start(TelemetryNames.ValidateSpan))
            valid = parser.Parse(request);
        if (!context.Caller().MayUse(valid.Model.Name))
            throw new ServiceException(ServiceError.Forbidden, $"This key is not for model '{valid.Model.Name}'.");
        var deadline = context.Deadline == DateTime.MaxValue ? DateTimeOffset.MaxValue : new DateTimeOffset(context.Deadline);
        var job = jobs.Start(valid, deadline, Activity.Current?.Context ?? default);
        Describe(Activity.Current, job);
        try
        {
            await foreach (var next in job.Events.ReadAsync(0, context.CancellationToken))
                await responseStream.WriteAsync(next, context.CancellationToken);
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested)
        {
            if (!valid.Detach)
                job.CancelAfter(options.DisconnectGrace);
            throw;
        }
    }

    /// <inheritdoc/>
    public override Task<CancelResponse> Cancel(CancelRequest request, ServerCallContext context)
    {
        jobs.Cancel(request.JobId);
        return Task.FromResult(new CancelResponse());
    }

    /// <inheritdoc/>
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        var response = new ListModelsResponse();
        response.Models.AddRange(models.Models.Where(m => context.Caller().MayUse(m.Name)).Select(Info));
        return Task.FromResult(response);
    }

    private static ModelInfo Info(ModelFacts model) => new()
    {
        Name = model.Name,
        Revision = model.Revision,
        LatentChannels = (uint)model.LatentChannels,
        Scale = (uint)model.Scale,
        SizeMultiple = (uint)model.SizeMultiple,
        Width = (uint)model.DefaultSize,
        Height = (uint)model.DefaultSize,
        TextWindow = (uint)model.TextWindow,
        Sampler = SamplerName(model),
        // diffusers' default where the file does not say.
        TrainTimesteps = (uint)(model.Scheduler.NumTrainTimesteps ?? 1000),
        ImageEncoder = model.HasImageEncoder,
    };

    // A model whose own sampler is none of ours can still be used with another one.
    private static string SamplerName(ModelFacts model)
    {
        var choice = new SamplingChoice { Steps = model.Defaults.Steps };
        return Samplers.Check(model.Scheduler, choice).Count == 0 ? Samplers.Create(model.Scheduler, choice).Name : model.Scheduler.ClassName;
    }

    // Never the prompt: it is private.
    private static void Describe(Activity? span, Job job) => span?
        .SetTag(TelemetryNames.Operation, "generate_content")
        .SetTag(TelemetryNames.OutputType, "image")
        .SetTag(TelemetryNames.Provider, "diffusion_mesh")
        .SetTag(TelemetryNames.ResponseId, job.Id)
        .SetTag(TelemetryNames.Model, job.Request.Model.Name)
        .SetTag(TelemetryNames.Seed, unchecked((long)job.Request.Seed))
        .SetTag(TelemetryNames.ImageCount, job.Request.Count)
        .SetTag(TelemetryNames.ImageWidth, job.Request.Width)
        .SetTag(TelemetryNames.ImageHeight, job.Request.Height)
        .SetTag(TelemetryNames.Sampler, job.Request.Sampler.Name)
        .SetTag(TelemetryNames.Steps, job.Request.Schedule.Steps)
        .SetTag(TelemetryNames.GuidanceScale, job.Request.Guidance.Scale);
}
