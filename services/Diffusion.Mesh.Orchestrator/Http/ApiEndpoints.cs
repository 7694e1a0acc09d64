using Diffusion.Mesh.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The HTTP API and the console (docs/http.md).</summary>
internal static class ApiEndpoints
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<OriginCheck>();
        services.AddSingleton<ApiProblems>();
        services.AddSingleton<ApiDoor>();
        services.AddSingleton<LargeBodies>();
        services.AddSingleton<JobBody>();
        services.AddSingleton<JobsApi>();
        services.AddSingleton<EventsApi>();
        services.AddSingleton<ModelsApi>();
        services.AddSingleton<OperatorApi>();
        services.AddSingleton<TracesApi>();
        OpenAiEndpoints.Add(services);
        WebUiEndpoints.Add(services);
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var door = services.GetRequiredService<ApiDoor>();
        var (jobs, events, traces) = (services.GetRequiredService<JobsApi>(), services.GetRequiredService<EventsApi>(), services.GetRequiredService<TracesApi>());
        var (models, operators) = (services.GetRequiredService<ModelsApi>(), services.GetRequiredService<OperatorApi>());

        Get("/api/models", ApiKind.Read, models.ListAsync);
        Post("/api/jobs", ApiKind.Submit, jobs.SubmitAsync);
        Get("/api/jobs", ApiKind.Read, jobs.ListAsync);
        Get("/api/jobs/{id}", ApiKind.Read, jobs.GetAsync);
        Get("/api/jobs/{id}/events", ApiKind.Stream, events.FollowAsync);
        Get("/api/jobs/{id}/pictures/{index}", ApiKind.Read, jobs.PictureAsync);
        Get("/api/jobs/{id}/trace", ApiKind.Read, traces.OwnAsync);
        Post("/api/jobs/{id}/cancel", ApiKind.Change, jobs.CancelAsync);
        Get("/api/operator/services", ApiKind.Operator, operators.ServicesAsync);
        Get("/api/operator/jobs", ApiKind.Operator, operators.JobsAsync);
        Post("/api/operator/jobs/{tenant}/{id}/cancel", ApiKind.Operator | ApiKind.Change, operators.CancelAsync);
        Get("/api/operator/traces", ApiKind.Operator, traces.RecentAsync);
        Get("/api/operator/traces/{id}", ApiKind.Operator, traces.AnyAsync);
        endpoints.MapFallback("/api/{**path}", door.Open(ApiKind.Read, Unknown));
        OpenAiEndpoints.Map(endpoints);
        WebUiEndpoints.Map(endpoints);
        ConsoleFiles.Map(endpoints);

        void Get(string pattern, ApiKind kind, Func<ApiCall, Task> handle) => endpoints.MapMethods(pattern, [HttpMethods.Get], door.Open(kind, handle));

        void Post(string pattern, ApiKind kind, Func<ApiCall, Task> handle) => endpoints.MapMethods(pattern, [HttpMethods.Post], door.Open(kind, handle));
    }

    private static Task Unknown(ApiCall call) => throw new ServiceException(ServiceError.NotFound, "There is no such method and path.");
}
