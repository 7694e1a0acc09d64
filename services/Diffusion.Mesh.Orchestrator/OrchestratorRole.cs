using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The service that applications call.</summary>
public sealed class OrchestratorRole : ServiceRole
{
    /// <inheritdoc/>
    public override string Name => "orchestrator";

    /// <inheritdoc/>
    public override string Description => "Takes Generate, caches embeddings, and routes latents between the other services.";

    /// <inheritdoc/>
    public override int DefaultPort => 7400;

    /// <inheritdoc/>
    public override string SourceName => "Diffusion.Mesh.Orchestrator";

    /// <inheritdoc/>
    public override string GrpcService => V1.Generation.Descriptor.FullName;

    /// <inheritdoc/>
    public override bool ServesHttp => true;

    /// <inheritdoc/>
    public override bool IsPublic => true;

    /// <inheritdoc/>
    public override IEnumerable<string> Check(ServiceOptions options)
    {
        foreach (var (option, addresses) in new[]
            { ("--text-encoder", options.TextEncoders), ("--unet", options.Unets), ("--vae", options.Vaes) })
        {
            if (addresses.Count == 0)
                yield return $"{option} must name at least one address, for example http://127.0.0.1:7410.";
            if (options.Tls is not null && addresses.Any(a => a.Scheme == Uri.UriSchemeHttp))
                yield return $"{option} must name https:// or dns:/// addresses where --tls-certificate is given.";
        }

        foreach (var problem in RedisSetup.Check(options))
            yield return problem;
    }

    /// <inheritdoc/>
    public override void AddServices(WebApplicationBuilder builder, ServiceOptions options)
    {
        var services = builder.Services;
        services.AddSingleton(ModelRepository.Open(options.Models, options.Model));
        services.TryAddSingleton<RoutingOptions>();
        services.TryAddSingleton<IDnsResolver, SystemDns>();
        services.AddSingleton<WorkerAddresses>();
        services.AddSingleton<WorkerChannels>();
        services.AddSingleton<WorkerDirectory>();
        services.AddHostedService(s => s.GetRequiredService<WorkerDirectory>());
        services.AddSingleton<WorkerCalls>();
        EmbeddingCaches.Add(services, options);
        OrchestratorMetrics.Add(services);
        services.AddSingleton<RequestParser>();
        services.AddSingleton<TextEncoding>();
        services.AddSingleton<ConditioningStage>();
        services.AddSingleton<SourceReading>();
        services.AddSingleton<Denoising>();
        services.AddSingleton<PictureDecoding>();
        services.AddSingleton<Ranking>();
        services.AddSingleton<Decoding>();
        services.AddSingleton<GenerationPipeline>();
        services.AddSingleton<TraceRing>();
        JobStores.Add(services, options);
        services.AddSingleton<Leases>();
        services.AddSingleton<JobPace>();
        services.AddSingleton<JobEnding>();
        services.AddSingleton<JobPreparing>();
        services.AddSingleton<JobRun>();
        services.AddSingleton<JobPlaces>();
        services.AddHostedService<JobRunner>();
        services.AddSingleton<JobSubmitting>();
        services.AddSingleton<JobWatching>();
        services.AddSingleton<Disconnects>();
        services.AddSingleton<Generations>();
        services.AddSingleton<AttendedJobs>();
        ScalerSetup.Add(services);
        ApiEndpoints.Add(services);
        services.AddGrpc().AddServiceOptions<GenerationService>(grpc => grpc.Interceptors.Add<StateErrors>());
    }

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<GenerationService>();
        ScalerSetup.Map(endpoints);
        ApiEndpoints.Map(endpoints);
    }
}
