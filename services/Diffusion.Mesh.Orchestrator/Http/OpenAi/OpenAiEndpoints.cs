using System.Security.Cryptography;
using Diffusion.Mesh.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>OpenAI's images API (docs/openai.md), for the clients that speak it.</summary>
internal static class OpenAiEndpoints
{
    /// <summary>By this header OpenAI's clients name a call: the job's id, or, where there is no job, one for the call.</summary>
    public const string CallId = "x-request-id";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PictureUrls>();
        services.AddSingleton<ImageBody>();
        services.AddSingleton<ImageAnswer>();
        services.AddSingleton<ImageStream>();
        services.AddSingleton<ImagesApi>();
        services.AddSingleton<OpenAiModelsApi>();
        services.AddSingleton<SignedPicturesApi>();
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var door = services.GetRequiredService<ApiDoor>();
        var (images, models) = (services.GetRequiredService<ImagesApi>(), services.GetRequiredService<OpenAiModelsApi>());

        Post("/v1/images/generations", ApiKind.Submit | ApiKind.Stream, images.GenerateAsync);
        Post("/v1/images/edits", ApiKind.Submit | ApiKind.Stream | ApiKind.Form, images.EditAsync);
        Post("/v1/images/variations", ApiKind.Submit | ApiKind.Stream | ApiKind.Form, images.VaryAsync);
        Get("/v1/models", ApiKind.Read, models.ListAsync);
        Get("/v1/models/{id}", ApiKind.Read, models.GetAsync);
        Get(PictureUrls.Pattern, ApiKind.Signed, services.GetRequiredService<SignedPicturesApi>().GetAsync);
        endpoints.MapFallback("/v1/{**path}", Open(ApiKind.Read, Unknown));

        void Get(string pattern, ApiKind kind, Func<ApiCall, Task> handle) => endpoints.MapMethods(pattern, [HttpMethods.Get], Open(kind, handle));

        void Post(string pattern, ApiKind kind, Func<ApiCall, Task> handle) => endpoints.MapMethods(pattern, [HttpMethods.Post], Open(kind, handle));

        RequestDelegate Open(ApiKind kind, Func<ApiCall, Task> handle)
        {
            var open = door.Open(kind, handle, OpenAiErrors.Form);
            return context =>
            {
                Prepare(context.Response);
                return open(context);
            };
        }
    }

    private static void Prepare(HttpResponse response)
    {
        response.Headers[CallId] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        response.OnStarting(() =>
        {
            // Clients take a conflict for a lock that passes, and a cancelled job for a fault of the server's.
            if (response.StatusCode is StatusCodes.Status409Conflict or StatusCodes.Status499ClientClosedRequest)
                response.Headers["x-should-retry"] = "false";
            return Task.CompletedTask;
        });
    }

    private static Task Unknown(ApiCall call) => throw new ServiceException(ServiceError.NotFound, "There is no such method and path.");
}
