using System.Diagnostics.Metrics;
using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <summary>
/// A connection to one Redis, made when it is first needed and made again by itself when it is lost. Runs scripts and follows channels; the only class that calls
/// StackExchange.Redis.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    // So long an answer may take before the call is tried again: a server that hangs answers nothing, a large result needs its time.
    private static readonly TimeSpan _perTry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _connecting = new(1);
    private readonly TimeProvider _time;
    private readonly Dictionary<RedisScript, string> _texts = [];
    private readonly ConfigurationOptions _configuration;
    private readonly RedisMetrics? _metrics;
    private ConnectionMultiplexer? _multiplexer;
    private bool _disposed;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="meters">Makes what counts its calls; null: nothing is counted.</param>
    /// <exception cref="ArgumentException">The configuration or the prefix cannot be read.</exception>
    public RedisConnection(RedisOptions options, TimeProvider time, IMeterFactory? meters = null)
    {
        (Options, _time) = (options, time);
        Keys = new RedisKeys(options.Prefix);
        _configuration = ConfigurationOptions.Parse(options.Configuration);
        // Keep trying in the background rather than fail for good.
        _configuration.AbortOnConnectFail = false;
        _configuration.ConnectTimeout = 1000;
        _configuration.KeepAlive = 2;
        _configuration.Password = options.Password ?? _configuration.Password;
        if (options.Tls)
            RedisTls.Add(_configuration, options.Authorities);
        if (meters is not null)
            _metrics = new RedisMetrics(meters, options.Use, () => Volatile.Read(ref _multiplexer)?.IsConnected);
    }

    internal RedisOptions Options { get; }

    internal RedisKeys Keys { get; }

    /// <summary>Closes it; calls under way end with <see cref="StateUnavailableException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connecting.WaitAsync();
        try
        {
            _disposed = true;
            if (_multiplexer is not null)
                await _multiplexer.CloseAsync(allowCommandsToComplete: false);
            _multiplexer?.Dispose();
            _multiplexer = null;
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Runs a script, again and again while Redis is away and patience lasts: scripts must bear a repetition.</summary>
    /// <exception cref="StateUnavailableException">Patience is at its end.</exception>
    /// <exception cref="RedisServerException">Redis's memory is full (see <see cref="RedisFaults.IsFull"/>).</exception>
    internal Task<RedisResult> RunAsync(
        RedisScript script, TimeSpan patience, RedisValue[] arguments, CancellationToken cancellation, TimeSpan? perTry = null)
    {
        var text = Text(script);
        return RetryAsync(script.Name, patience, perTry ?? PerTry(patience), database => database.ScriptEvaluateAsync(text, null, arguments), cancellation);
    }

    /// <summary>Sends a command, likewise.</summary>
    internal Task<RedisResult> ExecuteAsync(TimeSpan patience, string command, object[] arguments, CancellationToken cancellation) =>
        RetryAsync(command, patience, PerTry(patience), database => database.ExecuteAsync(command, arguments), cancellation);

    /// <summary>
    /// Follows a channel until the answer is disposed. While Redis is away nothing comes, and nothing tells; afterwards it goes on by itself.
    /// </summary>
    internal async Task<IAsyncDisposable> SubscribeAsync(RedisChannel channel, Action<byte[]> handler, CancellationToken cancellation)
    {
        Action<RedisChannel, RedisValue> received = (_, message) => handler((byte[])message!);
        try
        {
            var subscriber = (await ConnectAsync(cancellation)).GetSubscriber();
            await subscriber.SubscribeAsync(channel, received).WaitAsync(_longestPause, _time, cancellation);
            return new Subscription(() => subscriber.UnsubscribeAsync(channel, received));
        }
        catch (Exception e) when (RedisFaults.IsRedis(e))
        {
            return new Subscription(() => _multiplexer?.GetSubscriber().UnsubscribeAsync(channel, received) ?? Task.CompletedTask);
        }
    }

    private async Task<RedisResult> RetryAsync(
        string name, TimeSpan patience, TimeSpan perTry, Func<IDatabase, Task<RedisResult>> call, CancellationToken cancellation)
    {
        var begun = _time.GetTimestamp();
        var pause = _firstPause;
        for (var unknown = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var database = (await ConnectAsync(cancellation)).GetDatabase();
                var answer = await MeasureAsync(name, () => Observed(call(database)).WaitAsync(perTry, _time, cancellation));
                // The client hands out answers one after the other: what comes next must not hold up the others'.
                await Task.Yield();
                return answer;
            }
            catch (Exception e) when (RedisFaults.IsUnknownScript(e) && unknown++ == 0)
            {
                continue;
            }
            catch (Exception e) when (RedisFaults.IsPassing(e) && _time.GetElapsedTime(begun) + pause < patience)
            {
            }
            catch (Exception e) when (RedisFaults.IsRedis(e) && !RedisFaults.IsFull(e))
            {
                throw new StateUnavailableException($"Redis at {Address} cannot be used ({name}): {RedisFaults.Words(e)}", e);
            }

            await Task.Delay(pause, _time, cancellation);
            pause = pause * 2 < _longestPause ? pause * 2 : _longestPause;
        }
    }

    private async Task<RedisResult> MeasureAsync(string name, Func<Task<RedisResult>> call)
    {
        var started = _time.GetTimestamp();
        try
        {
            var answer = await call();
            _metrics?.Record(name, _time.GetElapsedTime(started), null);
            return answer;
        }
        catch (Exception e) when (RedisFaults.IsRedis(e))
        {
            _metrics?.Record(name, _time.GetElapsedTime(started), RedisFaults.Kind(e));
            throw;
        }
    }

    internal string Address => string.Join(", ", _configuration.EndPoints.Select(point => point.ToString()));

    private string Text(RedisScript script)
    {
        lock (_texts)
        {
            if (!_texts.TryGetValue(script, out var text))
                _texts[script] = text = script.Text(Keys);
            return text;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _multiplexer) is { } made)
            return made;
        await _connecting.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _multiplexer ??= await ConnectionMultiplexer.ConnectAsync(_configuration);
        }
        finally
        {
            _connecting.Release();
        }
    }

    // A single try may take longer than none.
    private static TimeSpan PerTry(TimeSpan patience) => patience > TimeSpan.Zero && patience < _perTry ? patience : _perTry;

    // Nobody waits any more for what was given up.
    private static Task<RedisResult> Observed(Task<RedisResult> call)
    {
        _ = call.ContinueWith(failed => failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return call;
    }

    private sealed class Subscription(Func<Task> unsubscribe) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await unsubscribe();
            }
            catch (Exception e) when (RedisFaults.IsRedis(e))
            {
            }
        }
    }
}
