using Diffusion.Mesh.State;
using Diffusion.Mesh.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>What a hit of the embedding cache costs: a value of SD 1.5's size from a Redis on loopback that syncs every write, checksum and all.</summary>
internal sealed class CacheBenchmark : IBenchmark
{
    private const int Bytes = 77 * 768 * sizeof(float);
    private const int Prompts = 64;
    private const int WarmUp = 500;
    private const int Rounds = 5000;

    public string Name => "cache";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var server = RedisServer.Durable();
        await server.InitializeAsync();
        try
        {
            var redis = new RedisConnection(new RedisOptions { Configuration = server.Address }, TimeProvider.System);
            using var meters = new UnheardMeters();
            await using var cache = EmbeddingCache.OnRedis(redis, 2L * Prompts * Bytes, TimeProvider.System, NullLogger<EmbeddingCache>.Instance, meters.Factory);
            for (var i = 0; i < Prompts + WarmUp; i++)
                await LookUpAsync(cache, i);
            var seconds = new List<double>();
            for (var i = 0; i < Rounds; i++)
            {
                var hit = false;
                seconds.Add(await Timing.SecondsAsync(async () => hit = await LookUpAsync(cache, i)));
                if (!hit)
                    throw new InvalidOperationException("A value that was stored is not there.");
            }

            return [new("hit_p50_ms", Timing.Median(seconds) * 1000), new("hit_p99_ms", Timing.Percentile(seconds, 0.99) * 1000)];
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<bool> LookUpAsync(EmbeddingCache cache, int i)
    {
        var found = await cache.GetOrAddAsync(
            [$"prompt-{i % Prompts}"], bytes => bytes.Length == Bytes,
            (missing, _) => Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>([.. missing.Select(_ => (ReadOnlyMemory<byte>)new byte[Bytes])]), default);
        return found[0].Hit;
    }
}
