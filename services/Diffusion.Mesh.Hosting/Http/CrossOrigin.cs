using Microsoft.AspNetCore.Builder;

namespace Diffusion.Mesh.Hosting;

/// <summary>Lets pages of the origins of <c>--cors-origin</c> call over HTTP; without any, no answer has a CORS header.</summary>
internal static class CrossOrigin
{
    public static void Use(WebApplication app, ServiceOptions options)
    {
        if (options.CorsOrigins.Count == 0)
            return;
        app.UseCors(policy => policy
            .WithOrigins([.. options.CorsOrigins])
            .WithMethods("GET", "POST")
            .WithHeaders("Authorization", "Content-Type", "Last-Event-ID", "X-Api-Key")
            .WithExposedHeaders("Location", "Retry-After"));
    }

    /// <summary>What is wrong with the origins.</summary>
    public static IEnumerable<string> Problems(IEnumerable<string> origins) => origins
        .Where(origin => !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && origin == uri.GetLeftPart(UriPartial.Authority)))
        .Select(origin => $"--cors-origin must be an origin such as https://app.example, and is '{origin}'.");
}
