using System.Net;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Bounds the calls of each key, and of each address without one, by a token bucket: <c>--requests-per-minute</c> in the long run, and a sixth of that, or ten, at once.
/// Callers of this machine without a key are not counted: they are its own.
/// </summary>
public sealed class RequestRates(ServiceOptions options, TimeProvider time)
{
    // Buckets in the table; who comes when it is full shares one with others that do.
    private const int MaxBuckets = 10_000;

    private const string Rest = "";

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Bucket> _buckets = new(StringComparer.Ordinal);
    private readonly double _perSecond = options.RequestsPerMinute / 60.0;
    private readonly double _capacity = Math.Min(options.RequestsPerMinute, Math.Max(10, options.RequestsPerMinute / 6.0));
    private long _swept = time.GetTimestamp();

    /// <summary>Counts a call.</summary>
    /// <param name="peer">Where it comes from; null where nobody knows.</param>
    /// <exception cref="Grpc.Core.RpcException">RESOURCE_EXHAUSTED, with when to come back: there were too many.</exception>
    public void Count(Caller caller, IPAddress? peer)
    {
        if (_capacity == 0 || (caller.KeyId.Length == 0 && PeerNetwork.IsLoopback(peer)))
            return;
        if (Wait(caller.KeyId.Length > 0 ? $"{caller.KeyId}/{caller.Tenant}" : $"{PeerNetwork.Of(peer)}") is { } wait)
            throw RichErrors.Exhausted("Too many requests came with this key, or without one from this address.", wait);
    }

    // Null: it may be now.
    private TimeSpan? Wait(string who)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (!_buckets.ContainsKey(who) && _buckets.Count >= MaxBuckets && !Sweep(now))
                who = Rest;
            var tokens = _buckets.TryGetValue(who, out var bucket) ? Filled(bucket, now) : _capacity;
            if (tokens < 1)
                return TimeSpan.FromSeconds((1 - tokens) / _perSecond);
            _buckets[who] = new Bucket(tokens - 1, now);
            return null;
        }
    }

    // A bucket that is full again says nothing.
    private bool Sweep(long now)
    {
        if (time.GetElapsedTime(_swept, now) < SweepInterval)
            return false;
        _swept = now;
        foreach (var (who, bucket) in _buckets)
        {
            if (Filled(bucket, now) >= _capacity)
                _buckets.Remove(who);
        }

        return _buckets.Count < MaxBuckets;
    }

    private double Filled(Bucket bucket, long now) => Math.Min(_capacity, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * _perSecond));

    private readonly record struct Bucket(double Tokens, long At);
}
