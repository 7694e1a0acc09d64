using System.Net;
using Diffusion.Mesh.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Keeps pages of other sites out, which a browser lets send requests in its user's name: to this machine's loopback, too. No cookie is ever looked at, and no
/// answer has a header that lets another origin read it, but for those of <c>--cors-origin</c>.
/// </summary>
internal sealed class OriginCheck(ServiceOptions options)
{
    private static readonly string[] Forwarded = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <summary>Where a call comes from; null where a proxy stands between, whose word is not taken for it: it may be anywhere.</summary>
    public static IPAddress? Peer(HttpContext context) =>
        Array.Exists(Forwarded, context.Request.Headers.ContainsKey) ? null : context.Connection.RemoteIpAddress;

    /// <summary>
    /// Refuses what a page of another origin sends; and a change of another type than it should have: JSON no page may send elsewhere unasked. A form it may, and a
    /// browser then tells the page's origin.
    /// </summary>
    /// <exception cref="ServiceException">It comes from elsewhere.</exception>
    /// <exception cref="UnsupportedBodyException">It is a change with a body of another type.</exception>
    public void CheckPage(HttpRequest request, ApiKind kind)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var isInvited = options.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);
        if (!isInvited && (site is not ("" or "same-origin" or "none") || (origin.Length > 0 && !IsOwn(origin, request))))
            throw new ServiceException(ServiceError.Forbidden, "Pages of other origins may not call this server.");
        if (!kind.HasFlag(ApiKind.Change) || kind.HasFlag(ApiKind.NoBody))
            return;
        var needed = kind.HasFlag(ApiKind.Form) ? "multipart/form-data" : "application/json";
        if (!(MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(needed, StringComparison.OrdinalIgnoreCase)))
            throw new UnsupportedBodyException($"The body must be {(kind.HasFlag(ApiKind.Form) ? "a form" : "JSON")}, with 'Content-Type: {needed}'.");
    }

    /// <summary>
    /// Refuses a call without a key under a name that this server does not know as its own: a name that leads to this machine only for an attacker's page.
    /// </summary>
    /// <exception cref="ServiceException">The name is not ours.</exception>
    public void CheckHost(HttpRequest request)
    {
        var host = request.Host.Host;
        var isKnown = host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host.Trim('[', ']'), out _)
            || options.HttpNames.Contains(host, StringComparer.OrdinalIgnoreCase);
        if (!isKnown)
            throw new ServiceException(ServiceError.Forbidden, "Calls without a key need an IP address, localhost, or a name that --http-name gives as the host.");
    }

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
