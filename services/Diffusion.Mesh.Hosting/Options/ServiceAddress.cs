using System.Diagnostics.CodeAnalysis;

namespace Diffusion.Mesh.Hosting;

/// <summary>Where a service is called.</summary>
public static class ServiceAddress
{
    private const string Dns = "dns";

    /// <summary>Parses <c>http://HOST:PORT</c>, <c>https://HOST:PORT</c> or <c>HOST:PORT</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static Uri Parse(string text) =>
        TryParse(text, out var uri) ? uri : throw new FormatException($"'{text}' is no address; http://HOST:PORT is expected");

    /// <summary>Parses what <see cref="Parse"/> does, or <c>dns:///NAME:PORT</c>: each address that the name has, now and later, is a worker's.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static Uri ParseWorkers(string text) =>
        TryParse(text, out var uri) || (Uri.TryCreate(text, UriKind.Absolute, out uri) && IsDns(uri) && uri.AbsolutePath.Contains(':') && ByName(uri) is not null)
            ? uri
            : throw new FormatException($"'{text}' is no address; http://HOST:PORT or dns:///NAME:PORT is expected");

    /// <summary>True for <c>dns:///NAME:PORT</c>.</summary>
    public static bool IsDns(Uri address) => address.Scheme == Dns;

    /// <summary>The address of <c>dns:///NAME:PORT</c> by its name: <c>http://NAME:PORT</c>, or with https; null where there is no name.</summary>
    public static Uri? ByName(Uri address, bool isSecure = false) =>
        address.Authority.Length == 0
        && TryParse($"{(isSecure ? "https" : "http")}:/{address.AbsolutePath}", out var uri)
        && uri.HostNameType == UriHostNameType.Dns
            ? uri
            : null;

    private static bool TryParse(string text, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out uri)
        && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/";
}
