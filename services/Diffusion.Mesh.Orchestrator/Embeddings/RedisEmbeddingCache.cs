using Diffusion.Mesh.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A cache that all orchestrators share. While Redis is away every look-up is a miss.</summary>
internal sealed partial class RedisEmbeddingCache : IEmbeddingCache, IDisposable
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromDays(7);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lazy<Task<ConnectionMultiplexer>> _connection;
    private readonly ILogger<RedisEmbeddingCache> _logger;

    public RedisEmbeddingCache(ServiceOptions options, ILogger<RedisEmbeddingCache> logger)
    {
        _logger = logger;
        var configuration = ConfigurationOptions.Parse(options.Redis!);
        // Keep trying in the background rather than fail for good.
        configuration.AbortOnConnectFail = false;
        configuration.ConnectTimeout = (int)Patience.TotalMilliseconds;
        _connection = new Lazy<Task<ConnectionMultiplexer>>(() => ConnectionMultiplexer.ConnectAsync(configuration));
    }

    public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellation)
    {
        try
        {
            var database = (await _connection.Value.WaitAsync(Patience, cancellation)).GetDatabase();
            return await database.StringGetAsync(key).WaitAsync(Patience, cancellation);
        }
        catch (Exception e) when (IsAway(e))
        {
            LogAway(e.Message);
            return null;
        }
    }

    public async ValueTask SetAsync(string key, byte[] value, CancellationToken cancellation)
    {
        try
        {
            var database = (await _connection.Value.WaitAsync(Patience, cancellation)).GetDatabase();
            await database.StringSetAsync(key, value, TimeToLive).WaitAsync(Patience, cancellation);
        }
        catch (Exception e) when (IsAway(e))
        {
            LogAway(e.Message);
        }
    }

    public void Dispose()
    {
        if (_connection is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            _ = _connection.Value.ContinueWith(c => c.GetAwaiter().GetResult().Dispose(), TaskScheduler.Default);
    }

    private static bool IsAway(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException;

    [LoggerMessage(220, LogLevel.Warning, "Redis cannot be used, prompts are encoded anew: {Problem}")]
    private partial void LogAway(string problem);
}
