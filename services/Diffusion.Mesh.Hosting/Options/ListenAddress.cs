using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Diffusion.Mesh.Hosting;

/// <summary>Where a service listens.</summary>
/// <param name="Host">An IP address.</param>
/// <param name="Port">1 to 65535; 0 for any free port.</param>
public sealed record ListenAddress(IPAddress Host, int Port)
{
    /// <summary>Any free port of the loopback interface.</summary>
    public static ListenAddress AnyLoopback { get; } = new(IPAddress.Loopback, 0);

    /// <summary>A port of the loopback interface.</summary>
    public static ListenAddress Loopback(int port) => new(IPAddress.Loopback, port);

    /// <summary>Parses <c>http://HOST:PORT</c> or <c>HOST:PORT</c>, where HOST is an IP address, <c>localhost</c> or <c>*</c> (every interface).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        var plain = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? text["http://".Length..].TrimEnd('/') : text;
        var colon = plain.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(plain[(colon + 1)..], out var port))
            return false;
        var host = plain[..colon] switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.Any,
            var other => IPAddress.TryParse(other.Trim('[', ']'), out var ip) ? ip : null,
        };
        address = host is null ? null : new ListenAddress(host, port);
        return address is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"http://{new IPEndPoint(Host, Port)}";
}
