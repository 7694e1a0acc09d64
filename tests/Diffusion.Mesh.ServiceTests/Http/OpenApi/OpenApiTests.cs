using System.Text.Json.Nodes;
using Diffusion.Mesh.Orchestrator;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>The description of the HTTP side says what is so.</summary>
public sealed class OpenApiTests : ApiTest
{
    private static readonly object Wish = new { prompt = "a red circle", steps = 2 };

    // An operation that sends something has its body here.
    private static readonly Dictionary<string, object> Bodies = new()
    {
        ["POST /api/jobs"] = new { prompt = "a red circle", seed = 7, schedule = new { steps = 2, sigmas = "default" }, timeout_seconds = 60, previews = new { every = 1 } },
        ["POST /api/jobs/{id}/cancel"] = new { },
        ["POST /api/operator/jobs/{tenant}/{id}/cancel"] = new { },
        ["POST /v1/images/generations"] = Wish,
        // No forms, which the test has none of.
        ["POST /v1/images/edits"] = new { },
        ["POST /v1/images/variations"] = new { },
        ["POST /sdapi/v1/txt2img"] = Wish,
        ["POST /sdapi/v1/img2img"] = new { init_images = new[] { "AAAA" } },
        ["POST /sdapi/v1/interrupt"] = new { },
        ["POST /sdapi/v1/skip"] = new { },
        ["POST /sdapi/v1/options"] = new { sd_model_checkpoint = Shapes.Name },
    };

    // The job has ended, the address has no signature, and the fake workers read no pictures. Their errors fit, too.
    private static readonly string[] Refused =
    [
        "POST /api/jobs/{id}/cancel", "POST /api/operator/jobs/{tenant}/{id}/cancel", "POST /v1/images/edits", "POST /v1/images/variations", "GET /pictures/{id}/{index}",
        "POST /sdapi/v1/img2img",
    ];

    [Fact]
    public async Task Document_EndpointsThatAreMapped_AreThoseThatItHas()
    {
        await StartAsync();
        var mapped = Orchestrator.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is not null && e.RoutePattern.Parameters.All(p => !p.IsCatchAll))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"))
            .Where(id => id.Split('/')[1] is "api" or "v1" or "pictures" or "sdapi");

        var document = await DocumentAsync();

        var described = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => $"{o.Key.ToUpperInvariant()} {path.Key}"));
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        var ids = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(o => o.Value!["operationId"]!.GetValue<string>())).ToArray();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task Document_MessagesAndReferences_AreThereAndDescribed()
    {
        await StartAsync();

        var document = await DocumentAsync();

        var schemas = document["components"]!["schemas"]!.AsObject();
        var references = References(document).ToArray();
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.NotNull(schemas[r["#/components/schemas/".Length..]]));
        // The contracts' comments are found by their text alone.
        foreach (var message in new[] { "JobRequest", "Job", "PictureInput", "Step", "ModelInfo" })
            Assert.All(schemas[message]!["properties"]!.AsObject().Where(f => f.Value!["$ref"] is null), f => Assert.True(f.Value!["description"] is not null, $"{message}.{f.Key}"));
    }

    [Fact]
    public async Task Document_RealCalls_FitIt()
    {
        await StartAsync();
        Go();
        var document = await DocumentAsync();
        var check = new SchemaCheck(document);
        var job = await SubmitAsync();
        Assert.Equal("done", (await EventsAsync(job))[^1].Name);
        var (problems, refused) = (new List<string>(), new List<string>());
        foreach (var operation in OpenApiDocument.Groups.SelectMany(g => g.Operations))
        {
            var described = document["paths"]![operation.Path]![operation.Method.ToLowerInvariant()]!;
            var path = operation.Path.Replace("/v1/models/{id}", $"/v1/models/{Shapes.Name}").Replace("{id}", job).Replace("{index}", "0").Replace("{tenant}", "anonymous");
            using var response = await SendAsync(operation.Method == "GET" ? new HttpRequestMessage(HttpMethod.Get, path) : Post(path, Bodies[operation.Id]));
            var status = (int)response.StatusCode;
            if (status != operation.Status)
                refused.Add(operation.Id);
            else if (operation.Method == "POST" && described["requestBody"]?["content"]?["application/json"]?["schema"] is { } request)
                problems.AddRange(check.Problems(request, JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(Bodies[operation.Id]))).Select(p => $"{operation.Id}: request {p}"));
            var content = (described["responses"]![status == operation.Status ? $"{status}" : "default"]!["content"] as JsonObject) ?? [];
            var type = response.Content.Headers.ContentType?.MediaType ?? "";
            if (content.Count == 0 ? type.Length > 0 : !content.ContainsKey(type))
                problems.Add($"{operation.Id}: {type} is not among its types.");
            else if (type.EndsWith("json", StringComparison.Ordinal))
                problems.AddRange(check.Problems(content[type]!["schema"], JsonNode.Parse(await response.Content.ReadAsStringAsync())).Select(p => $"{operation.Id}: {p}"));
        }

        Assert.Empty(problems);
        Assert.Equal(Refused, refused);
    }

    [Fact]
    public void SchemaCheck_WhatDoesNotFit_IsFound()
    {
        var document = OpenApiDocument.Create();
        var check = new SchemaCheck(document);
        var request = document["components"]!["schemas"]!["JobRequest"];

        var problems = check.Problems(request, JsonNode.Parse("""{"prompt": 5, "colour": "red", "schedule": {"sigmas": "wide", "steps": 1.5}, "seed": 7}"""));

        Assert.Equal(["$.colour is", "$.prompt is", "$.schedule.sigmas is", "$.schedule.steps is"], problems.Select(p => string.Join(' ', p.Split(' ')[..2])).Order(StringComparer.Ordinal));
    }

    private async Task<JsonObject> DocumentAsync()
    {
        using var response = await GetAsync("/openapi.json");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(f => f.Key == "$ref" ? [f.Value!.GetValue<string>()] : References(f.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
