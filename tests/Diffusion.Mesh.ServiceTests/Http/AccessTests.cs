using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Who is let in over HTTP, and to what.</summary>
public sealed class AccessTests : ApiTest
{
    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Host", "evil.example", 403)]
    [InlineData("X-Forwarded-For", "127.0.0.1", 401)]
    [InlineData("Forwarded", "for=127.0.0.1", 401)]
    public async Task Call_ByAPageOfAnotherOriginOrAProxy_IsRefused(string header, string value, int status)
    {
        await StartAsync();
        foreach (var request in new[] { Post("/api/jobs"), new HttpRequestMessage(HttpMethod.Get, "/api/jobs"), new HttpRequestMessage(HttpMethod.Get, "/api/operator/jobs") })
        {
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await SendAsync(request);

            Assert.Equal(status, (await ProblemAsync(response)).Status);
            Assert.DoesNotContain(response.Headers, h => h.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }

        Assert.Equal(0, (await (await GetAsync("/api/jobs")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("jobs").GetArrayLength());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json-seq")]
    [InlineData(null)]
    public async Task Change_BodyThatAPageMaySendUnasked_IsRefused(string? type)
    {
        await StartAsync();
        foreach (var path in new[] { "/api/jobs", "/api/jobs/x/cancel", "/api/operator/jobs/x/y/cancel" })
        {
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}")) };
            if (type is not null)
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            Assert.Equal(415, (await ProblemAsync(await SendAsync(request))).Status);
        }
    }

    [Fact]
    public async Task Call_OwnPage_IsTakenWithHeadersThatKeepOthersOut()
    {
        await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/models");
        request.Headers.Add("Origin", Address.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");

        using var own = await SendAsync(request);
        using var page = await GetAsync("/");
        using var unknown = await GetAsync("/nothing");

        Assert.Equal(200, (int)own.StatusCode);
        foreach (var response in new[] { own, page, unknown })
        {
            Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
            Assert.False(response.Headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task Call_PageOfAnInvitedOrigin_IsTakenAndOthersAreNot()
    {
        await StartAsync(s => s with { Options = o => o with { CorsOrigins = ["https://app.example"] } });
        var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/jobs");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        var call = new HttpRequestMessage(HttpMethod.Get, "/api/jobs");
        var other = new HttpRequestMessage(HttpMethod.Get, "/api/jobs");
        foreach (var (request, origin) in new[] { (preflight, "https://app.example"), (call, "https://app.example"), (other, "https://evil.example") })
        {
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
        }

        using var asked = await SendAsync(preflight);
        using var taken = await SendAsync(call);
        using var refused = await SendAsync(other);

        Assert.Equal(204, (int)asked.StatusCode);
        Assert.Contains("Authorization", asked.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
        Assert.Equal((200, 403), ((int)taken.StatusCode, (int)refused.StatusCode));
        Assert.Equal(["https://app.example"], taken.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(taken.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Call_NoKeyWhereOneIsNeeded_IsUnauthenticated()
    {
        Keys.Add("acme");
        await StartLockedAsync();

        using var response = await GetAsync("/api/jobs");

        var problem = await ProblemAsync(response);
        Assert.Equal((401, "UNAUTHENTICATED"), (problem.Status, problem.Code));
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        // The page itself is nobody's secret: it asks for the key.
        Assert.Equal(200, (int)(await GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Job_OfAnotherTenant_IsNotFound()
    {
        var (mine, other) = (Keys.Add("acme"), Keys.Add("globex"));
        await StartLockedAsync();
        var id = await SubmitAsync(mine);
        Go();
        Assert.Equal("done", (await EventsAsync(id, key: mine))[^1].Name);

        foreach (var path in new[] { "", "/events", "/pictures/0", "/trace" })
        {
            Assert.Equal(404, (await ProblemAsync(await GetAsync($"/api/jobs/{id}{path}", other))).Status);
            using var own = await GetAsync($"/api/jobs/{id}{path}", mine);
            Assert.Equal(200, (int)own.StatusCode);
        }

        Assert.Equal(404, (await ProblemAsync(await SendAsync(Post($"/api/jobs/{id}/cancel"), other))).Status);
    }

    [Fact]
    public async Task Operator_KeyMarkedSo_SeesAndCancelsJobsOfAll()
    {
        var (tenant, chief) = (Keys.Add("acme"), Keys.AddOperator("staff"));
        await StartLockedAsync();
        var id = await SubmitAsync(tenant);

        var refused = new List<int>();
        foreach (var path in new[] { "services", "jobs", "traces", $"traces/{id}" })
            refused.Add((await ProblemAsync(await GetAsync($"/api/operator/{path}", tenant))).Status);
        refused.Add((await ProblemAsync(await SendAsync(Post($"/api/operator/jobs/acme/{id}/cancel"), tenant))).Status);
        var text = await (await GetAsync("/api/operator/jobs", chief)).Content.ReadAsStringAsync();
        var services = await (await GetAsync("/api/operator/services", chief)).Content.ReadFromJsonAsync<JsonElement>();
        using var cancelled = await SendAsync(Post($"/api/operator/jobs/acme/{id}/cancel"), chief);
        var events = await EventsAsync(id, key: tenant);

        Assert.All(refused, status => Assert.Equal(403, status));
        Assert.Contains(id, text, StringComparison.Ordinal);
        Assert.DoesNotContain("red circle", text, StringComparison.Ordinal);
        Assert.Equal(3, services.GetProperty("workers").GetArrayLength());
        Assert.Equal("serving", services.GetProperty("orchestrators")[0].GetProperty("health").GetString());
        Assert.Equal(204, (int)cancelled.StatusCode);
        Assert.Equal("failed", events[^1].Name);
    }

    [Fact]
    public async Task Trace_FinishedJob_HasASpanForEachModelEvaluationAndNoPrompt()
    {
        await StartAsync(s => s with { Configure = builder => builder.Services.AddSingleton(new ContentCapture(IsOn: true)) });
        var id = await SubmitAsync();
        Go();
        await EventsAsync(id);

        var text = await (await GetAsync($"/api/operator/traces/{id}")).Content.ReadAsStringAsync();
        var trace = JsonDocument.Parse(text).RootElement;
        var recent = await (await GetAsync("/api/operator/traces")).Content.ReadFromJsonAsync<JsonElement>();

        var spans = trace.GetProperty("spans").EnumerateArray().ToArray();
        Assert.Equal("POST /api/jobs", spans[0].GetProperty("name").GetString());
        Assert.DoesNotContain("red circle", text, StringComparison.Ordinal);
        Assert.Single(spans, s => s.GetProperty("name").GetString() == "step");
        Assert.Equal(id, recent.GetProperty("traces")[0].GetProperty("job_id").GetString());
    }

    [Fact]
    public async Task Anonymous_WhereThereAreKeys_IsNoOperator()
    {
        Keys.Add("acme");
        await StartAsync(s => s with { Keys = Keys.Path, Anonymous = AnonymousCalls.Loopback });

        Assert.Equal(200, (int)(await GetAsync("/api/jobs")).StatusCode);
        Assert.Equal(403, (await ProblemAsync(await GetAsync("/api/operator/jobs"))).Status);
    }

    [Fact]
    public async Task Call_WrongKey_IsUnauthenticatedAlsoOnLoopback()
    {
        Keys.Add("acme");
        await StartAsync(s => s with { Keys = Keys.Path, Anonymous = AnonymousCalls.Always });

        Assert.Equal(401, (await ProblemAsync(await GetAsync("/api/jobs", ApiKey.Create()))).Status);
    }
}
