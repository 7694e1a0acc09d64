using System.Net.Http.Json;
using System.Text.Json;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A test of AUTOMATIC1111's API at one orchestrator; its UNet worker waits until it may go on.</summary>
public abstract class WebUiTest : ApiTest
{
    /// <summary>Sends a request as its clients do, and reads the answer.</summary>
    private protected async Task<(int Status, JsonElement Answer)> CallAsync(string name, object? body = null, string? credentials = null)
    {
        var request = body is null ? new HttpRequestMessage(HttpMethod.Get, $"/sdapi/v1/{name}") : Post($"/sdapi/v1/{name}", body);
        if (credentials is not null)
            request.Headers.TryAddWithoutValidation("Authorization", credentials);
        using var response = await SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Ends what runs: without a body, as SillyTavern does.</summary>
    private protected async Task InterruptAsync(string name = "interrupt") =>
        Assert.Equal(200, (int)(await SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/sdapi/v1/{name}"))).StatusCode);

    /// <summary>The names of wrong fields.</summary>
    private protected static string[] Fields(JsonElement error) =>
        [.. error.GetProperty("detail").EnumerateArray().Select(d => string.Join('.', d.GetProperty("loc").EnumerateArray().Skip(1).Select(l => l.GetString())))];

    /// <summary>Waits until <c>progress</c> tells something.</summary>
    private protected async Task<JsonElement> UntilAsync(Func<JsonElement, bool> what)
    {
        var patience = Patience.Token;
        while (true)
        {
            var (_, progress) = await CallAsync("progress?skip_current_image=true");
            if (what(progress))
                return progress;
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience);
        }
    }
}
