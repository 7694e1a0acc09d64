using System.Text.Json.Nodes;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>This server's own API (docs/http.md).</summary>
internal static class MeshOperations
{
    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/webp"];

    public static ApiGroup Group { get; } = new(
        "Diffusion Mesh",
        "Jobs, which go on whoever listens. It does what the gRPC service Generation does.",
        s => s.Of<ApiProblem>(),
        "application/problem+json",
        ["bearer", "key"],
        [.. Jobs(), .. Operators()]);

    private static IEnumerable<ApiOperation> Jobs() =>
    [
        new("GET", "/api/models", "The models, and what can be asked of each") { Answer = s => s.Of<ModelsAnswer>() },
        new("POST", "/api/jobs", "Asks for pictures")
        {
            Description = "What is null is absent; a field that is unknown or there twice is an error. `Location` leads to the job.",
            Request = s => s.JobRequest(),
            Status = 202,
            Answer = s => s.Of(V1.Job.Descriptor),
        },
        new("GET", "/api/jobs", "The tenant's jobs, the latest first")
        {
            Query =
            [
                ("page_size", "integer", "The most of them, 1 to 200. Absent: 50."),
                ("page_token", "string", "From the page before."),
                ("state", "string", $"Only those: {string.Join(", ", MessageFields.Names(ListJobsRequest.Descriptor.FindFieldByName("state").EnumType))}."),
            ],
            Answer = s => s.Of(ListJobsResponse.Descriptor),
        },
        new("GET", "/api/jobs/{id}", "A job as it is now") { Answer = s => s.Of(V1.Job.Descriptor) },
        new("GET", "/api/jobs/{id}/events", "What happens to a job, as it happens")
        {
            Description = "Events `queued` with a Queued, `position`, `step` with a Step, `preview` with a Preview, `picture` with a PictureNews, and as the last one `done` with a Done or "
                + "`failed` with an ApiProblem. A stream that ends without either goes on for who comes back.",
            Query = [("after", "integer", "The id of the last event that the caller has; the header Last-Event-ID goes before it.")],
            Answer = Events,
            AnswerTypes = ["text/event-stream"],
        },
        new("GET", "/api/jobs/{id}/pictures/{index}", "A picture file, once the job is done") { AnswerTypes = Pictures },
        new("GET", "/api/jobs/{id}/trace", "The spans of a job, as this server's memory has them") { Answer = s => s.Of<SpansAnswer>() },
        new("POST", "/api/jobs/{id}/cancel", "Ends a job within one step") { Request = _ => new JsonObject(), Status = 204, AnswerTypes = [] },
    ];

    // A stream is no JSON; what its events carry is.
    private static JsonObject Events(ApiSchemas schemas)
    {
        foreach (var message in new[] { Queued.Descriptor, Step.Descriptor, Preview.Descriptor, Done.Descriptor })
            schemas.Of(message);
        schemas.Of<PictureNews>();
        return new JsonObject { ["type"] = "string" };
    }

    private static IEnumerable<ApiOperation> Operators() =>
    [
        new("GET", "/api/operator/services", "Operators: who serves, with health and load") { Answer = s => s.Of<ServicesAnswer>() },
        new("GET", "/api/operator/jobs", "Operators: what is under way for all tenants, without what it asks for") { Answer = s => s.Of<ActiveJobsAnswer>() },
        new("POST", "/api/operator/jobs/{tenant}/{id}/cancel", "Operators: ends a job of any tenant")
        {
            Request = _ => new JsonObject(),
            Status = 204,
            AnswerTypes = [],
        },
        new("GET", "/api/operator/traces", "Operators: the latest 100 generations that this server ran") { Answer = s => s.Of<TracesAnswer>() },
        new("GET", "/api/operator/traces/{id}", "Operators: the spans of any tenant's job") { Answer = s => s.Of<SpansAnswer>() },
    ];
}
