using System.Net;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Hosting;

/// <summary>Tells who makes a call, and bounds how often. The one place that does, whatever protocol it came by.</summary>
/// <param name="options">Whether callers need a key.</param>
/// <param name="failures">Counts those that come with a wrong one.</param>
/// <param name="rates">Counts the others.</param>
/// <param name="keys">The keys; null: there are none.</param>
/// <param name="tokens">The issuer's tokens; null: there are none. Without both what callers send is not looked at.</param>
public sealed partial class CallerCheck(
    ServiceOptions options, FailedLogins failures, RequestRates rates, ILogger<CallerCheck> logger, KeyRing? keys = null, OidcTokens? tokens = null)
{
    // One answer for a key that is missing, wrong, revoked or expired: which of them is nobody's business.
    private const string Refused = "A valid API key is needed, as 'authorization: Bearer KEY' or 'x-api-key: KEY'.";

    private const string Bearer = "Bearer ";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Who calls.</summary>
    /// <param name="authorization">The header of this name; null where there is none.</param>
    /// <param name="apiKey">The header <c>x-api-key</c>; null where there is none. The other one goes before it.</param>
    /// <param name="peer">Where the call comes from; null where nobody knows.</param>
    /// <exception cref="ServiceException">Nobody who may call, or an issuer that cannot be asked.</exception>
    /// <exception cref="Grpc.Core.RpcException">RESOURCE_EXHAUSTED: one who failed or called too often.</exception>
    public async ValueTask<Caller> IdentifyAsync(string? authorization, string? apiKey, IPAddress? peer, CancellationToken cancellation)
    {
        var caller = (keys ?? (object?)tokens) is not null && (authorization ?? apiKey) is not null
            ? await KnownAsync(authorization, apiKey, cancellation)
            : Unknown(peer);
        if (caller is null)
            throw Failure(peer);
        rates.Count(caller, peer);
        return caller;
    }

    private Caller? Unknown(IPAddress? peer)
    {
        var welcome = options.Anonymous switch
        {
            AnonymousCalls.Always => true,
            AnonymousCalls.Loopback => PeerNetwork.IsLoopback(peer),
            _ => false,
        };
        if (!welcome)
            return null;
        // Where there are keys or tokens, operators have one.
        return keys is null && tokens is null && PeerNetwork.IsLoopback(peer) ? Caller.Anonymous with { IsOperator = true } : Caller.Anonymous;
    }

    private async ValueTask<Caller?> KnownAsync(string? authorization, string? apiKey, CancellationToken cancellation)
    {
        var text = authorization is null ? apiKey
            : authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim()
            : null;
        if (text is null)
            return null;
        if (ApiKey.TryParse(text, out var key))
            return keys?.Find(key);
        return tokens is not null && authorization is not null ? await tokens.FindAsync(text, cancellation) : null;
    }

    private Exception Failure(IPAddress? peer)
    {
        if (failures.IsOneTooMany(peer))
            return RichErrors.Exhausted("Too many calls without a valid API key came from this address; try again in a minute.", Minute);
        LogRefused(peer);
        return new ServiceException(ServiceError.Unauthenticated, Refused);
    }

    // Nothing of what was sent: it may be a good key with one letter missing.
    [LoggerMessage(62, LogLevel.Warning, "A call from {Peer} was refused: no valid API key came with it")]
    private partial void LogRefused(IPAddress? peer);
}
