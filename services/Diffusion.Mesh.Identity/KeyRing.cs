using System.Collections.Frozen;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Identity;

/// <summary>
/// The keys that are good now. The file is read again when it changes: it is looked at each second, and when a key is not found. A new file that
/// cannot be used is logged, and the keys that were good stay so.
/// </summary>
public sealed partial class KeyRing : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // What a key that nobody has is compared with, so that it takes as long as one that somebody has.
    private static readonly KeyHash Nobodys = KeyHash.Of(new byte[32]);

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private volatile FrozenDictionary<string, Known> _keys;
    private FileStamp _seen;
    private DateTimeOffset _looked;

    /// <exception cref="KeyFileException">The file cannot be used.</exception>
    public KeyRing(string path, TimeProvider time, ILogger<KeyRing> logger)
    {
        (_path, _time, _logger) = (path, time, logger);
        _seen = FileStamp.Of(path);
        _keys = Read();
        _timer = time.CreateTimer(_ => ReadAgain(), null, Look, Look);
    }

    /// <summary>Who has a key; null where nobody has it, its secret is another one, or it has expired.</summary>
    public Caller? Find(ApiKey key)
    {
        var known = _keys.GetValueOrDefault(key.Id) ?? FindAgain(key.Id);
        var matches = (known?.Hash ?? Nobodys).Matches(key.Secret);
        return known is not null && matches && !(known.Expires <= _time.GetUtcNow()) ? known.Caller : null;
    }

    /// <summary>Who would come with the key of this id; null where there is none, or it has expired.</summary>
    public Caller? Find(string id) => _keys.GetValueOrDefault(id) is { } known && !(known.Expires <= _time.GetUtcNow()) ? known.Caller : null;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    // A key may be used the moment it was made. Not with each wrong key: a stranger would keep the disk busy.
    private Known? FindAgain(string id)
    {
        lock (_lock)
        {
            if (_time.GetUtcNow() - _looked < Look / 10)
                return _keys.GetValueOrDefault(id);
            _looked = _time.GetUtcNow();
        }

        ReadAgain();
        return _keys.GetValueOrDefault(id);
    }

    private void ReadAgain()
    {
        lock (_lock)
        {
            var stamp = FileStamp.Of(_path);
            if (stamp == _seen)
                return;
            _seen = stamp;
            try
            {
                _keys = Read();
                LogRead(_keys.Count);
            }
            catch (KeyFileException e)
            {
                LogUnusable(e.Message);
            }
        }
    }

    private FrozenDictionary<string, Known> Read() => KeyFile.Read(_path).ToFrozenDictionary(
        k => k.Id, k => new Known(new KeyHash(k.Salt, k.Hash), k.Caller(), k.Expires), StringComparer.Ordinal);

    [LoggerMessage(60, LogLevel.Information, "The file of keys was read again; it has {Count}")]
    private partial void LogRead(int count);

    [LoggerMessage(61, LogLevel.Warning, "The file of keys changed and cannot be used, so the keys read before stay good: {Reason}")]
    private partial void LogUnusable(string reason);

    private sealed record Known(KeyHash Hash, Caller Caller, DateTimeOffset? Expires);
}
