using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;
using SixLabors.ImageSharp.PixelFormats;

namespace Diffusion.Mesh.Doors.Tests.OpenAi;

/// <summary>What OpenAI's own client gets of this server.</summary>
[Collection(DoorsCluster.Collection)]
public sealed partial class OpenAiClientTests(OpenAiRun run, DoorsCluster cluster) : IClassFixture<OpenAiRun>
{
    [Fact]
    public async Task Generate_SameSeed_IsThePictureOfGrpcBitForBit()
    {
        var answer = run.Saw("generate");
        var request = new GenerateRequest { Prompt = "a large red circle on a white background", Seed = 7, Schedule = new Schedule { Steps = 4 } };
        using var channel = GrpcChannel.ForAddress(cluster.Grpc);
        using var call = new Generation.GenerationClient(channel).Generate(request);
        var expected = new List<byte>();
        await foreach (var news in call.ResponseStream.ReadAllAsync())
            expected.AddRange(news.Image?.Chunk.Data ?? Google.Protobuf.ByteString.Empty);

        Assert.Equal(expected, File(answer.GetProperty("data")[0]));
        Assert.Equal("128x128 png opaque 7", $"{Text(answer, "size")} {Text(answer, "output_format")} {Text(answer, "background")} {answer.GetProperty("seed")}");
        Assert.Equal(answer.GetProperty("usage").GetProperty("total_tokens").GetInt32(), answer.GetProperty("usage").GetProperty("input_tokens").GetInt32());
        Assert.InRange(answer.GetProperty("usage").GetProperty("input_tokens").GetInt32(), 8, 20);
        Assert.InRange(answer.GetProperty("created").GetInt64(), 1_700_000_000, 100_000_000_000);
        Assert.Equal(32, Text(answer, "id").Length);
    }

    [Fact]
    public void Generate_AsUrls_AreForAnybodyWhoHasThemAndNobodyElse()
    {
        var saw = run.Saw("urls");

        Assert.Equal(2, saw.GetProperty("pictures").GetArrayLength());
        Assert.All(saw.GetProperty("pictures").EnumerateArray(), p => Assert.Equal("200 image/jpeg cross-origin ffd8", $"{p.GetProperty("status")} {Text(p, "type")} {Text(p, "cross")} {Text(p, "start")}"));
        Assert.All(saw.GetProperty("pictures").EnumerateArray(), p => Assert.DoesNotContain("acme", Text(p, "url"), StringComparison.Ordinal));
        Assert.All(saw.GetProperty("refused").EnumerateArray(), r => Assert.Equal("403 permission_error", $"{r.GetProperty("status")} {Text(r, "type")}"));
        Assert.True(saw.GetProperty("differ").GetBoolean());
    }

    [Theory]
    [InlineData("stream", "image_generation", 3)]
    [InlineData("editStream", "image_edit", 1)]
    public void Stream_PartialImages_ComeBeforeTheFinishedOne(string scenario, string kind, int most)
    {
        var events = run.Saw(scenario).EnumerateArray().ToArray();
        var partials = events[..^1];

        // A server that is quick may have the picture before all of them.
        Assert.InRange(partials.Length, 1, most);
        Assert.All(partials, e => Assert.Equal($"{kind}.partial_image", Text(e, "type")));
        Assert.Equal(Enumerable.Range(0, partials.Length), partials.Select(e => e.GetProperty("partial_image_index").GetInt32()));
        Assert.Equal($"{kind}.completed", Text(events[^1], "type"));
        Assert.True(events[^1].GetProperty("usage").GetProperty("input_tokens").GetInt32() > 0);
        foreach (var e in events)
        {
            using var picture = SixLabors.ImageSharp.Image.Load<Rgb24>(File(e));
            Assert.Equal(Text(events[^1], "size"), $"{picture.Width}x{picture.Height}");
            Assert.Equal("png auto opaque", $"{Text(e, "output_format")} {Text(e, "quality")} {Text(e, "background")}");
            // What an edited picture's own size is a stream does not know before its end.
            Assert.Contains(Text(e, "size"), new[] { $"{picture.Width}x{picture.Height}", "auto" });
            Assert.True(e.GetProperty("created_at").GetInt64() > 0);
        }

        Assert.NotEqual("auto", Text(events[^1], "size"));
        Assert.All(partials, e => Assert.NotEqual(File(events[^1]), File(e)));
    }

    [Fact]
    public void Stream_SeveralPictures_CompletesEach()
    {
        var events = run.Saw("streamSeveral").EnumerateArray().ToArray();

        Assert.Equal(["image_generation.completed", "image_generation.completed"], events.Select(e => Text(e, "type")));
        Assert.NotEqual(File(events[0]), File(events[1]));
    }

    [Fact]
    public void Edit_Mask_ChangesWhatIsTransparentAndKeepsTheRest()
    {
        using var picture = SixLabors.ImageSharp.Image.Load<Rgb24>(File(run.Saw("edit").GetProperty("data")[0]));
        var red = new Rgb24(255, 0, 0);
        var (kept, changed) = (0, 0);
        for (var i = 0; i < OpenAiRun.Side * OpenAiRun.Side; i++)
        {
            if (picture[i % OpenAiRun.Side, i / OpenAiRun.Side] == red)
                kept += i % OpenAiRun.Side < OpenAiRun.Side / 2 ? 1 : 0;
            else
                changed += i % OpenAiRun.Side < OpenAiRun.Side / 2 ? 0 : 1;
        }

        Assert.Equal(OpenAiRun.Side * OpenAiRun.Side / 2, kept);
        Assert.True(changed > OpenAiRun.Side * OpenAiRun.Side / 4, $"{changed} pixels are others.");
    }

    [Fact]
    public void Variation_Picture_GivesOthers()
    {
        var data = run.Saw("variation").GetProperty("data");

        Assert.Equal(2, data.GetArrayLength());
        Assert.NotEqual(File(data[0]), File(data[1]));
    }

    [Fact]
    public void Models_ListAndRetrieve_AreThoseOfTheServer()
    {
        var saw = run.Saw("models");

        Assert.Equal(["shapes"], saw.GetProperty("list").EnumerateArray().Select(m => Text(m, "id")));
        Assert.Equal("shapes model", $"{Text(saw.GetProperty("one"), "id")} {Text(saw.GetProperty("one"), "object")}");
        Assert.Equal("NotFoundError 404 invalid_request_error model model_not_found", Words(saw.GetProperty("none")));
    }

    [Fact]
    public void IdempotencyKey_SameAndAnotherRequest_IsTheSameJobOrAConflict()
    {
        var saw = run.Saw("idempotent");

        Assert.Equal(saw.GetProperty("ids")[0].GetString(), saw.GetProperty("ids")[1].GetString());
        Assert.Equal("ConflictError 409 invalid_request_error  idempotency_conflict", Words(saw.GetProperty("other")));
    }

    [Theory]
    [InlineData("refused", "all", "BadRequestError 400 invalid_request_error steps invalid_value")]
    [InlineData("refused", "unknown", "BadRequestError 400 invalid_request_error colour unknown_parameter")]
    [InlineData("refused", "model", "NotFoundError 404 invalid_request_error model model_not_found")]
    [InlineData("refused", "several", "BadRequestError 400 invalid_request_error image invalid_value")]
    [InlineData("refused", "unread", "UnprocessableEntityError 422 invalid_request_error image invalid_image")]
    [InlineData("refused", "solid", "UnprocessableEntityError 422 invalid_request_error mask invalid_image")]
    [InlineData("refused", "empty", "BadRequestError 400 invalid_request_error body invalid_value")]
    [InlineData("refused", "path", "NotFoundError 404 invalid_request_error  not_found")]
    [InlineData("keys", "none", "AuthenticationError 401 authentication_error  invalid_api_key")]
    [InlineData("keys", "otherModel", "PermissionDeniedError 403 permission_error  permission_denied")]
    [InlineData("keys", "poor", "RateLimitError 429 rate_limit_error  rate_limit_exceeded")]
    [InlineData("away", "late", "InternalServerError 504 server_error  deadline_exceeded")]
    [InlineData("away", "lateStream", "APIError  server_error  deadline_exceeded")]
    [InlineData("away", "nobody", "APIConnectionError    ")]
    [InlineData("leaving", "slow", "APIConnectionTimeoutError    ")]
    [InlineData("leaving", "aborted", "APIUserAbortError    ")]
    public void Error_EachClass_IsTheClientsOwn(string scenario, string call, string expected)
    {
        var error = run.Saw(scenario).GetProperty(call);

        Assert.Equal(expected, Words(error));
        if (call == "poor")
            Assert.True(int.Parse(Text(error, "retryAfter")) > 0);
        if (error.TryGetProperty("status", out _))
            Assert.Equal(32, Text(error, "id").Length);
    }

    [Fact]
    public void Error_EverythingWrong_NamesEachField()
    {
        var message = Text(run.Saw("refused").GetProperty("all"), "message");

        Assert.All(
            ["n", "size", "steps", "style", "quality", "background", "moderation", "output_format", "sampler", "colour"],
            field => Assert.Contains($"{field}: ", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leaving_EveryJob_IsCancelled()
    {
        run.Saw("leaving");
        using var client = new HttpClient { BaseAddress = cluster.Http };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", run.LeaverKey);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        string[] states;
        do
        {
            await Task.Delay(200, patience.Token);
            var jobs = JsonDocument.Parse(await client.GetStringAsync("/api/jobs", patience.Token)).RootElement.GetProperty("jobs");
            states = [.. jobs.EnumerateArray().Select(j => Text(j, "state"))];
        }
        while (states.Any(s => s is "queued" or "running"));

        // The first told how long it waits, so that its deadline came before its end was noticed.
        Assert.Equal(["cancelled", "cancelled", "failed"], states);
    }

    [Fact]
    public async Task Sample_OfTheDocument_RunsAsWritten()
    {
        var text = await System.IO.File.ReadAllTextAsync(Path.Combine(TestFolders.Repository, "docs", "openai.md"));
        using var folder = new TemporaryFolder();
        // Below the folder where the client is.
        var script = Path.Combine(AppContext.BaseDirectory, "sample.mjs");
        await System.IO.File.WriteAllTextAsync(script, Sample().Match(text).Groups[1].Value
            .Replace("http://127.0.0.1:7402", cluster.Http.GetLeftPart(UriPartial.Authority)).Replace("circle.png", folder.File("circle.png")));

        await using var run = ChildProcess.Start("node", [script], ("MESH_KEY", cluster.AddKey("reader")));

        Assert.True(await run.Exit == 0, run.Error);
        using var picture = SixLabors.ImageSharp.Image.Load<Rgb24>(await System.IO.File.ReadAllBytesAsync(folder.File("circle.png")));
        Assert.Equal(128, picture.Width);
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Sample();

    private static string Words(JsonElement error) =>
        string.Join(' ', new[] { "class", "status", "type", "param", "code" }.Select(name => Text(error, name)));

    private static byte[] File(JsonElement picture) => picture.GetProperty("b64_json").GetBytesFromBase64();

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.ToString() : "";
}
