using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Workers;

/// <summary>What all three workers register.</summary>
public static class WorkerServices
{
    /// <summary>Registers the models, their loading, and the bounds on work.</summary>
    public static void AddWorker<TPart>(
        this IServiceCollection services,
        ServiceOptions options,
        Func<ModelFacts, ExecutionOptions, TPart?> load,
        Action<ModelFacts, TPart> warm)
        where TPart : class, IDisposable
    {
        services.AddSingleton(ModelRepository.Open(options.Models, options.Model));
        services.AddSingleton(load);
        services.AddSingleton(warm);
        services.AddSingleton<ModelHost<TPart>>();
        services.AddHostedService(s => s.GetRequiredService<ModelHost<TPart>>());
        services.AddSingleton<Admission>();
        services.AddSingleton<ExecutionGate>();
    }
}
