using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The measure of demand, always; KEDA's service where it has an address.</summary>
internal static class ScalerSetup
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<DenoisePace>();
        services.AddSingleton(provider => new StagePace(
            provider.GetRequiredService<DenoisePace>(),
            role => Loads(provider.GetRequiredService<WorkerDirectory>().Pool(role)),
            model => Scale(provider.GetRequiredService<ModelRepository>(), model)));
        services.AddSingleton<DemandReader>();
        services.AddHostedService<DemandGauge>();
        services.AddGrpc().AddServiceOptions<ExternalScalerService>(grpc => grpc.Interceptors.Add<StateErrors>());
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetRequiredService<ServiceOptions>().Scaler is not null)
            endpoints.MapGrpcService<ExternalScalerService>();
    }

    private static IEnumerable<WorkerLoad> Loads(WorkerPool pool) => pool.Workers.Select(worker => worker.Load).OfType<WorkerLoad>();

    private static int? Scale(ModelRepository models, string key) => models.Models.FirstOrDefault(model => JobModels.Key(model) == key)?.Scale;
}
