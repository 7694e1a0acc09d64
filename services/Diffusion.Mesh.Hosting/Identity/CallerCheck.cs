using System.Net;
using Diffusion.Mesh.Identity;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Hosting;

/// <summary>Tells who makes a call. The one place that does, whatever protocol it came by.</summary>
/// <param name="options">Whether callers need a key.</param>
/// <param name="failures">Counts those that come with a wrong one.</param>
/// <param name="keys">The keys; null: there are none, and what callers send as one is not looked at.</param>
public sealed partial class CallerCheck(ServiceOptions options, FailedLogins failures, ILogger<CallerCheck> logger, KeyRing? keys = null)
{
    // One answer for a key that is missing, wrong, revoked or expired: which of them is nobody's business.
    private const string Refused = "A valid API key is needed, as 'authorization: Bearer KEY' or 'x-api-key: KEY'.";

    private const string Bearer = "Bearer ";

    /// <summary>Who calls.</summary>
    /// <param name="authorization">The header of this name; null where there is none.</param>
    /// <param name="apiKey">The header <c>x-api-key</c>; null where there is none. The other one goes before it.</param>
    /// <param name="peer">Where the call comes from; null where nobody knows.</param>
    /// <exception cref="ServiceException">Nobody who may call, or one who failed too often.</exception>
    public Caller Identify(string? authorization, string? apiKey, IPAddress? peer)
    {
        if (keys is not null && (authorization ?? apiKey) is not null)
            return Known(authorization, apiKey) ?? throw Failure(peer);
        var welcome = options.Anonymous switch
        {
            AnonymousCalls.Always => true,
            AnonymousCalls.Loopback => IsLoopback(peer),
            _ => false,
        };
        if (!welcome)
            throw Failure(peer);
        // Where there are keys, operators have one.
        return keys is null && IsLoopback(peer) ? Caller.Anonymous with { IsOperator = true } : Caller.Anonymous;
    }

    private Caller? Known(string? authorization, string? apiKey)
    {
        var text = authorization is null ? apiKey
            : authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim()
            : null;
        return text is not null && ApiKey.TryParse(text, out var key) ? keys!.Find(key) : null;
    }

    private ServiceException Failure(IPAddress? peer)
    {
        if (failures.IsOneTooMany(peer))
            return new ServiceException(ServiceError.Full, "Too many calls without a valid API key came from this address; try again in a minute.");
        LogRefused(peer);
        return new ServiceException(ServiceError.Unauthenticated, Refused);
    }

    private static bool IsLoopback(IPAddress? peer) =>
        peer is not null && IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);

    // Nothing of what was sent: it may be a good key with one letter missing.
    [LoggerMessage(62, LogLevel.Warning, "A call from {Peer} was refused: no valid API key came with it")]
    private partial void LogRefused(IPAddress? peer);
}
