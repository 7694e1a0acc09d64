using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Where jobs, and what tenants chose, are kept: in Redis for all orchestrators together, or in this process.</summary>
internal static class JobStores
{
    public static void Add(IServiceCollection services, ServiceOptions options)
    {
        if (options.Redis is { } address)
        {
            services.AddSingleton(provider => RedisSetup.Connect(
                address, "jobs", options, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IMeterFactory>()));
            services.AddSingleton<IJobStore, RedisJobStore>();
            services.AddSingleton<ITenantChoices, RedisTenantChoices>();
            services.AddHostedService<ReadyWithRedis>();
        }
        else
        {
            services.AddSingleton<IJobStore>(provider => new MemoryJobStore(provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<ITenantChoices, MemoryTenantChoices>();
            services.AddHostedService<ReadyAtStart>();
        }
    }
}
