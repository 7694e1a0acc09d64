using System.Runtime.CompilerServices;
using System.Text;

namespace Diffusion.Mesh.State;

/// <summary>Brings the signals of all processes to those who wait in this one.</summary>
internal sealed class RedisSignals(RedisConnection redis, TimeProvider time) : IAsyncDisposable
{
    private const string Cancel = "cancel ";

    private readonly Signals _signals = new(time);
    private readonly SemaphoreSlim _following = new(1);
    private IAsyncDisposable? _channel;

    public async Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        await FollowAsync(cancellation);
        await _signals.WaitForWorkAsync(atMost, cancellation);
    }

    public async IAsyncEnumerable<string> CancellationsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await FollowAsync(cancellation);
        await foreach (var id in _signals.CancellationsAsync(cancellation))
            yield return id;
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
        _following.Dispose();
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _channel) is not null)
            return;
        await _following.WaitAsync(cancellation);
        try
        {
            _channel ??= await redis.SubscribeAsync(redis.Keys.Signals, Receive, cancellation);
        }
        finally
        {
            _following.Release();
        }
    }

    private void Receive(byte[] message)
    {
        var text = Encoding.ASCII.GetString(message);
        if (text.StartsWith(Cancel, StringComparison.Ordinal))
            _signals.Cancel(text[Cancel.Length..]);
        else
            _signals.Work();
    }
}
