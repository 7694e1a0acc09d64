using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>What OpenAI's clients never send, and others may.</summary>
public sealed class OpenAiApiTests : ApiTest
{
    private const string Part = "--x\r\nContent-Disposition: form-data; name=\"";

    private static readonly Dictionary<string, (string Type, byte[] Body, string Param)> Forms = new()
    {
        ["empty"] = (Form(), [], "body"),
        ["no boundary"] = ("multipart/form-data", "--x--\r\n"u8.ToArray(), "body"),
        ["endless boundary"] = ($"multipart/form-data; boundary={new string('x', 71)}", "--x--\r\n"u8.ToArray(), "body"),
        ["other boundary"] = (Form(), "--y--\r\n"u8.ToArray(), "body"),
        ["cut in the headers"] = (Form(), Bytes(Part), "body"),
        ["cut in a value"] = (Form(), Bytes($"{Part}prompt\"\r\n\r\na large red"), "body"),
        ["no name"] = (Form(), Bytes("--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"), "body"),
        ["no disposition"] = (Form(), Bytes("--x\r\nA: b\r\n\r\n1\r\n--x--\r\n"), "body"),
        ["many headers"] = (Form(), Bytes($"--x\r\n{string.Concat(Enumerable.Range(0, 9).Select(i => $"A{i}: b\r\n"))}\r\n1\r\n--x--\r\n"), "body"),
        ["long header"] = (Form(), Bytes($"--x\r\nA: {new string('b', 5000)}\r\n\r\n1\r\n--x--\r\n"), "body"),
        ["many fields"] = (Form(), Bytes($"{string.Concat(Enumerable.Repeat($"{Part}n\"\r\n\r\n1\r\n", 65))}--x--\r\n"), "body"),
        ["long text"] = (Form(), Bytes($"{Part}prompt\"\r\n\r\n{new string('a', 70_000)}\r\n--x--\r\n"), "prompt"),
        ["no text"] = (Form(), [.. Bytes($"{Part}prompt\"\r\n\r\n"), 0xff, 0xfe, .. "\r\n--x--\r\n"u8], "prompt"),
        ["a file for a text"] = (Form(), Bytes($"{Part}prompt\"; filename=\"a\"\r\n\r\na\r\n--x--\r\n"), "prompt"),
        ["a text for a file"] = (Form(), Bytes($"{Part}image\"\r\n\r\na\r\n{Part}prompt\"\r\n\r\na\r\n--x--\r\n"), "image"),
        ["two pictures"] = (Form(), Bytes($"{string.Concat(Enumerable.Repeat($"{Part}image\"; filename=\"a\"\r\n\r\na\r\n", 2))}--x--\r\n"), "image"),
    };

    private static readonly (string Body, string Param)[] Jsons =
    [
        ("{", "body"),
        ("7", "body"),
        ("{\"\\ud800\": 1, \"prompt\": \"a\"}", "body"),
        ("{\"prompt\": \"a\", \"prompt\": \"a\"}", "prompt"),
        ("{\"prompt\": null}", "prompt"),
        ("{\"prompt\": \"\\ud800\"}", "prompt"),
        ("{\"prompt\": \"a\", \"n\": 1.5}", "n"),
        ("{\"prompt\": \"a\", \"n\": \"1\"}", "n"),
        ("{\"prompt\": \"a\", \"size\": \"64x+64\"}", "size"),
        ("{\"prompt\": \"a\", \"size\": \"64x64x64\"}", "size"),
        ("{\"prompt\": \"a\", \"size\": \"64x99999999999\"}", "size"),
        ("{\"prompt\": \"a\", \"seed\": -1}", "seed"),
        ("{\"prompt\": \"a\", \"guidance_scale\": 1e999}", "guidance_scale"),
        ("{\"prompt\": \"a\", \"partial_images\": 1}", "partial_images"),
        ("{\"prompt\": \"a\", \"partial_images\": 4, \"stream\": true}", "partial_images"),
        ("{\"prompt\": \"a\", \"partial_images\": 1, \"stream\": true, \"n\": 2}", "partial_images"),
        ("{\"prompt\": \"a\", \"stream\": true, \"response_format\": \"url\"}", "response_format"),
        ("{\"prompt\": \"a\", \"output_compression\": 50}", "output_compression"),
        ("{\"prompt\": \"a\", \"strength\": 0.5}", "strength"),
        ("{\"prompt\": \"a\", \"image\": \"a\"}", "image"),
        ("{\"prompt\": \"a\", \"Prompt\": \"a\"}", "Prompt"),
    ];

    [Fact]
    public async Task Edit_MalformedForm_IsRefused()
    {
        await StartAsync();
        var named = new Dictionary<string, string?>();
        foreach (var (name, (type, body, _)) in Forms)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/edits") { Content = new ByteArrayContent(body) };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            named[name] = (await ErrorAsync(await SendAsync(request), 400)).GetProperty("param").GetString();
        }

        Assert.Equal(Forms.ToDictionary(f => f.Key, f => (string?)f.Value.Param), named);
    }

    [Fact]
    public async Task Generate_WrongField_IsNamed()
    {
        await StartAsync();
        var named = new List<(string, string)>();
        foreach (var (body, _) in Jsons)
            named.Add((body, (await ErrorAsync(await SendAsync(Json(body)), 400)).GetProperty("param").GetString()!));

        Assert.Equal(Jsons, named);
    }

    [Fact]
    public async Task Generate_AllThatMeansNothing_IsTaken()
    {
        await StartAsync();
        Go();

        using var response = await SendAsync(Json("""
            {"prompt": "a", "n": null, "size": "auto", "quality": "standard", "background": "opaque", "moderation": "auto", "user": "u", "safety_identifier": "s", "style": null,
             "output_compression": 100, "response_format": "b64_json", "stream": false, "partial_images": 0, "seed": "18446744073709551615", "steps": 2, "model": ""}
            """));

        Assert.Equal(200, (int)response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal([1, 2, 3], answer.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64());
        Assert.Equal(ulong.MaxValue, answer.GetProperty("seed").GetUInt64());
    }

    [Fact]
    public async Task Calls_WithoutKeyOrInAnotherShape_AreRefusedInOpenAisForm()
    {
        var key = Keys.Add("acme");
        await StartLockedAsync();

        Assert.Equal("authentication_error", (await ErrorAsync(await GetAsync("/v1/models"), 401)).GetProperty("type").GetString());
        await ErrorAsync(await GetAsync("/v1/nothing", key), 404);
        await ErrorAsync(await SendAsync(new(HttpMethod.Post, "/v1/images/generations") { Content = new StringContent("{}", MediaTypeHeaderValue.Parse("text/plain")) }, key), 415);
        await ErrorAsync(await SendAsync(Json("{}", "/v1/images/variations"), key), 415);
        // Refused by its length: a client that sent it all the same would find the connection closed.
        var large = Json($"{{\"prompt\": \"{new string('a', 1 << 20)}\"}}");
        large.Headers.ExpectContinue = true;
        await ErrorAsync(await SendAsync(large, key), 413);
        // A picture's address needs no key, but a signature.
        await ErrorAsync(await GetAsync("/pictures/0/0?expires=9999999999&signature=AAAA"), 403);
    }

    private static HttpRequestMessage Json(string body, string path = "/v1/images/generations") =>
        new(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Single(response.Headers.GetValues("x-request-id"));
        var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(p => p.Name));
        return error;
    }

    private static string Form() => "multipart/form-data; boundary=x";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
