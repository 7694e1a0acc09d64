using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// What every answer over HTTP/1.1 tells browsers: nothing is loaded from elsewhere, no other page may show or read it, types are not guessed, and addresses
/// are not passed on. There is no header that lets other origins in.
/// </summary>
internal static class SecurityHeaders
{
    private const string Policy = "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
