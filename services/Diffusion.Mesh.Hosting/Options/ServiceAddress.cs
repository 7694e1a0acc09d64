namespace Diffusion.Mesh.Hosting;

/// <summary>Where a service is called.</summary>
public static class ServiceAddress
{
    /// <summary>Parses <c>http://HOST:PORT</c>, <c>https://HOST:PORT</c> or <c>HOST:PORT</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static Uri Parse(string text) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/"
            ? uri
            : throw new FormatException($"'{text}' is no address; http://HOST:PORT is expected");
}
