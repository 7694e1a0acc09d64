using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Console.Tests;

/// <summary>The calls that the documents of the HTTP APIs show, made one after the other. Only the server's address is changed.</summary>
[Collection(BrowserRun.Collection)]
public sealed partial class HttpDocsTests(BrowserRun run)
{
    [Theory]
    [InlineData("http.md", 10)]
    [InlineData("automatic1111.md", 3)]
    public async Task Calls_AsWritten_Succeed(string document, int calls)
    {
        var text = File.ReadAllText(Path.Combine(TestFolders.Repository, "docs", document));
        var commands = Block().Match(text).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(commands.Length >= calls);
        using var client = new HttpClient();
        var job = "";
        foreach (var command in commands)
        {
            using var response = await client.SendAsync(Request(command.Replace("$JOB", job)));
            var answer = await response.Content.ReadAsStringAsync();

            Assert.True(response.IsSuccessStatusCode, $"{command}: {answer}");
            if (command.Contains("/api/jobs ", StringComparison.Ordinal))
                job = JsonDocument.Parse(answer).RootElement.GetProperty("id").GetString()!;
            if (command.EndsWith("/events", StringComparison.Ordinal))
                Assert.Contains("event: done", answer, StringComparison.Ordinal);
            if (command.Contains("/pictures/", StringComparison.Ordinal))
                Assert.Equal("image/png", response.Content.Headers.ContentType?.MediaType);
        }
    }

    private HttpRequestMessage Request(string command)
    {
        string[] words = [.. Word().Matches(command).Select(m => m.Value.Trim('\''))];
        Assert.Equal("curl", words[0]);
        var address = new Uri(words.Single(w => w.StartsWith("http://127.0.0.1:7402/", StringComparison.Ordinal)));
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(run.Address, address.PathAndQuery));
        if (Array.IndexOf(words, "-d") is > 0 and var data)
        {
            Assert.Contains("Content-Type: application/json", words);
            (request.Method, request.Content) = (HttpMethod.Post, new StringContent(words[data + 1], Encoding.UTF8, "application/json"));
        }

        return request;
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("'[^']*'|\\S+")]
    private static partial Regex Word();
}
