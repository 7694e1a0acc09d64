using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Diffusion.Mesh.Workers;

/// <summary>What all three workers register.</summary>
public static class WorkerServices
{
    /// <summary>
    /// Registers the models, their loading, the bounds on work, and what is told of them. A worker that measures its load itself registers another
    /// <see cref="IWorkerLoad"/>.
    /// </summary>
    public static void AddWorker<TPart>(
        this IServiceCollection services,
        ServiceOptions options,
        WorkerPart part,
        Func<ModelFacts, ExecutionOptions, TPart?> load,
        Action<ModelFacts, TPart> warm)
        where TPart : class, IDisposable
    {
        services.AddSingleton(ModelRepository.Open(options.Models, options.Model));
        services.AddSingleton(part);
        services.AddSingleton<ModelMetrics>();
        services.AddSingleton<IHostMetrics, AdmissionGauges>();
        services.AddSingleton(load);
        services.AddSingleton(warm);
        services.AddSingleton<ModelHost<TPart>>();
        services.AddHostedService(s => s.GetRequiredService<ModelHost<TPart>>());
        services.AddSingleton<Admission>();
        services.AddSingleton<ExecutionGate>();
        services.AddSingleton<AdmittedLoad<TPart>>();
        services.TryAddSingleton<IWorkerLoad>(s => s.GetRequiredService<AdmittedLoad<TPart>>());
        services.AddSingleton<LoadWatchers>();
        services.AddGrpc(grpc => grpc.Interceptors.Add<FullInterceptor>());
    }

    /// <summary>Maps what every worker serves beside its own service.</summary>
    public static void MapWorker(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<WorkerService>();
}
