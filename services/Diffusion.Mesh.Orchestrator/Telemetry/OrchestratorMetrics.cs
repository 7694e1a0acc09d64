using Diffusion.Mesh.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Registers what the orchestrator measures.</summary>
internal static class OrchestratorMetrics
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<TenantNames>();
        services.AddSingleton<JobAudit>();
        services.AddSingleton<ICallObserver, CallAudit>();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<ICallObserver, Refusals>();
        services.AddSingleton<StageMetrics>();
        services.AddSingleton<RunMetrics>();
        services.AddSingleton<RetryMetrics>();
        services.AddSingleton<IHostMetrics>(s => s.GetRequiredService<RunMetrics>());
        services.AddSingleton<IHostMetrics>(s => s.GetRequiredService<RetryMetrics>());
        services.AddHostedService<StoreGauges>();
        services.AddSingleton<IHostMetrics, JobGauges>();
        services.AddSingleton<IHostMetrics, WorkerGauges>();
    }
}
