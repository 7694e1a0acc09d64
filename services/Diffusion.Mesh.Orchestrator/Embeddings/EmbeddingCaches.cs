using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Where embeddings are kept: in Redis for all orchestrators together, or in this process.</summary>
internal static class EmbeddingCaches
{
    public static void Add(IServiceCollection services, ServiceOptions options) => services.AddSingleton<IEmbeddingCache>(provider =>
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var budget = (long)options.CacheMemory << 20;
        var meters = provider.GetRequiredService<IMeterFactory>();
        var logger = provider.GetRequiredService<ILogger<EmbeddingCache>>();
        return (options.CacheRedis ?? options.Redis) is { } address
            ? EmbeddingCache.OnRedis(RedisSetup.Connect(address, "cache", options, time, meters), budget, time, logger, meters)
            : EmbeddingCache.InMemory(budget, time, logger, meters);
    });
}
