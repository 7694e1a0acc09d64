using Diffusion.Mesh.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>AUTOMATIC1111's API as far as it makes sense for a cluster (docs/automatic1111.md).</summary>
internal static class WebUiEndpoints
{
    private const string Root = "/sdapi/v1";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<WebUiModels>();
        services.AddSingleton<WebUiJobs>();
        services.AddSingleton<WebUiReader>();
        services.AddSingleton<WebUiGeneration>();
        services.AddSingleton<WebUiProgressApi>();
        services.AddSingleton<WebUiOptionsApi>();
        services.AddSingleton<WebUiListsApi>();
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var door = services.GetRequiredService<ApiDoor>();
        var (generation, progress) = (services.GetRequiredService<WebUiGeneration>(), services.GetRequiredService<WebUiProgressApi>());
        var (options, lists) = (services.GetRequiredService<WebUiOptionsApi>(), services.GetRequiredService<WebUiListsApi>());

        // They last as long as the client waits.
        Post("txt2img", ApiKind.Submit | ApiKind.Stream, generation.TextToImageAsync);
        Post("img2img", ApiKind.Submit | ApiKind.Stream, generation.ImageToImageAsync);
        Get("progress", progress.ProgressAsync);
        Post("interrupt", ApiKind.Change | ApiKind.NoBody, progress.InterruptAsync);
        Post("skip", ApiKind.Change | ApiKind.NoBody, progress.SkipAsync);
        Get("options", options.GetAsync);
        Post("options", ApiKind.Change, options.SetAsync);
        Get("sd-models", lists.ModelsAsync);
        Get("samplers", lists.SamplersAsync);
        Get("schedulers", lists.SchedulersAsync);
        Get("upscalers", lists.UpscalersAsync);
        Get("scripts", lists.ScriptsAsync);
        foreach (var name in new[] { "sd-vae", "latent-upscale-modes", "hypernetworks", "face-restorers", "prompt-styles" })
            Get(name, lists.NoneAsync);
        endpoints.MapFallback("/sdapi/{**path}", Open(ApiKind.Read, Missing));

        void Get(string name, Func<ApiCall, Task> handle) => endpoints.MapMethods($"{Root}/{name}", [HttpMethods.Get], Open(ApiKind.Read, handle));

        void Post(string name, ApiKind kind, Func<ApiCall, Task> handle) => endpoints.MapMethods($"{Root}/{name}", [HttpMethods.Post], Open(kind, handle));

        RequestDelegate Open(ApiKind kind, Func<ApiCall, Task> handle) => door.Open(kind | ApiKind.Basic, handle, WebUiErrors.Form);
    }

    private static Task Missing(ApiCall call) =>
        throw new ServiceException(ServiceError.Unsupported, "This part of AUTOMATIC1111's API makes no sense for a cluster, or is not here: see docs/automatic1111.md.");
}
