using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Where embeddings are kept: in Redis for all orchestrators together, or in this process.</summary>
internal static class EmbeddingCaches
{
    // Two hundred prompts of SD 1.5 in one process, a thousand in Redis.
    private const long MemoryBudget = 64 << 20;
    private const long RedisBudget = 256 << 20;

    public static void Add(IServiceCollection services, ServiceOptions options) => services.AddSingleton<IEmbeddingCache>(provider =>
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var logger = provider.GetRequiredService<ILogger<EmbeddingCache>>();
        return (options.CacheRedis ?? options.Redis) is { } address
            ? EmbeddingCache.OnRedis(new RedisConnection(new RedisOptions { Configuration = address }, time), RedisBudget, time, logger)
            : EmbeddingCache.InMemory(MemoryBudget, time, logger);
    });
}
