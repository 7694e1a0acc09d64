using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Whoever should not get in gets the right status at both doors, while a good client at each goes on and gets the right pictures.</summary>
public sealed class HostileClientTests(HostileFixture cluster) : IClassFixture<HostileFixture>, IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await cluster.UndisturbedAsync();
        cluster.Log.AssertNoErrors();
    }

    [Fact]
    public async Task Key_MissingWrongOrExpired_IsUnauthenticated()
    {
        foreach (var key in new[] { null, ApiKey.Create(), cluster.Good with { Secret = cluster.Other.Secret }, cluster.Expired })
        {
            var headers = key is null ? [] : HostileFixture.Header(key);

            Assert.Equal(StatusCode.Unauthenticated, (await FailAsync(() => cluster.Calls.FulfilAsync(Wishes.Quick(), headers))).StatusCode);
            Assert.Equal(401, await StatusAsync(HttpMethod.Post, "/api/jobs", key, new { prompt = "a red circle" }));
            Assert.Equal(401, await StatusAsync(HttpMethod.Post, "/sdapi/v1/txt2img", key, new { prompt = "a red circle" }));
            Assert.Equal(401, await StatusAsync(HttpMethod.Post, "/v1/images/generations", key, new { prompt = "a red circle" }));
        }
    }

    [Fact]
    public async Task Key_MissingWithALargeMessage_IsUnauthenticatedBeforeItIsRead()
    {
        // 90 MiB are promised, and nothing of them is sent.
        using var content = new Promised([0, 5, 0xa0, 0, 0]);

        var status = await CallAsync("Generate", content, null);

        Assert.Equal(StatusCode.Unauthenticated, status);
        Assert.Equal("401", (await AnswerAsync("POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 60000000\r\n\r\n"))[9..12]);
    }

    [Fact]
    public async Task Job_OfAnotherTenant_IsNotFound()
    {
        var headers = HostileFixture.Header(cluster.Other);
        RpcException[] errors =
        [
            await FailAsync(async () => await cluster.Calls.GetJobAsync(new GetJobRequest { JobId = cluster.Job }, headers)),
            await FailAsync(async () => await cluster.Calls.CancelAsync(new CancelRequest { JobId = cluster.Job }, headers)),
            await FailAsync(async () => await Wishes.ReadAsync(cluster.Calls.Watch(new WatchRequest { JobId = cluster.Job }, headers))),
        ];

        Assert.All(errors, e => Assert.Equal(StatusCode.NotFound, e.StatusCode));
        foreach (var path in new[] { "", "/events", "/pictures/0", "/trace" })
            Assert.Equal(404, await StatusAsync(HttpMethod.Get, $"/api/jobs/{cluster.Job}{path}", cluster.Other));
        Assert.Equal(404, await StatusAsync(HttpMethod.Post, $"/api/jobs/{cluster.Job}/cancel", cluster.Other, new { }));
    }

    [Fact]
    public async Task Quota_UsedUp_IsExhaustedWithWhenToComeBack()
    {
        // The first is taken, and leaves a debt.
        await cluster.Calls.SubmitAsync(Wishes.Quick(), HostileFixture.Header(cluster.Poor));

        var error = await FailAsync(async () => await cluster.Calls.SubmitAsync(Wishes.Quick(), HostileFixture.Header(cluster.Poor)));
        using var response = await cluster.SendAsync(HttpMethod.Post, "/api/jobs", cluster.Poor, JsonContent.Create(new { prompt = "a red circle" }));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.True(RichErrors.RetryAfter(error) > TimeSpan.Zero);
        Assert.Equal(429, (int)response.StatusCode);
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Requests_MoreThanAKeyMayMake_AreExhaustedWithWhenToComeBack()
    {
        var (taken, refused) = (0, new List<RpcException>());
        // As many at once as a key may, and more until one is too many: no machine is as slow as the rate.
        while (refused.Count == 0 && taken < 10_000)
        {
            var calls = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Record.ExceptionAsync(
                async () => await cluster.Calls.ListModelsAsync(new ListModelsRequest(), HostileFixture.Header(cluster.Busy)))));
            refused.AddRange(calls.OfType<RpcException>());
            taken += calls.Count(e => e is null);
        }

        Assert.InRange(taken, HostileFixture.RequestsPerMinute / 6, 9_999);
        Assert.All(refused, e => Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode));
        Assert.True(RichErrors.RetryAfter(refused[0]) > TimeSpan.Zero);
    }

    [Theory]
    [InlineData("../shapes")]
    [InlineData("shapes/../shapes")]
    [InlineData("./shapes")]
    [InlineData("/etc")]
    [InlineData("shapes\0")]
    [InlineData("..\\shapes")]
    [InlineData("..%2fshapes")]
    public async Task Model_PathInItsName_IsAWrongField(string model)
    {
        var wish = Wishes.Quick();
        wish.Model = model;

        var error = await FailAsync(() => cluster.Calls.FulfilAsync(wish, HostileFixture.Header(cluster.Good)));
        using var response = await cluster.SendAsync(HttpMethod.Post, "/api/jobs", cluster.Good, JsonContent.Create(new { prompt = "a red circle", model }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("model", Assert.Single(RichErrors.Problems(error)).Field);
        Assert.Equal(400, (int)response.StatusCode);
        var other = new { prompt = "a red circle", override_settings = new { sd_model_checkpoint = model } };
        Assert.InRange(await StatusAsync(HttpMethod.Post, "/sdapi/v1/txt2img", cluster.Good, other), 400, 422);
        Assert.InRange(await StatusAsync(HttpMethod.Post, "/v1/images/generations", cluster.Good, new { prompt = "a red circle", model }), 400, 404);
    }

    [Theory]
    [InlineData("/../../../../../../../../etc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/jobs/..%2f..%2f..%2fetc%2fpasswd/pictures/0")]
    public async Task Path_OutOfTheRoot_LeadsNowhere(string path)
    {
        var answer = await AnswerAsync($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {cluster.Good.Text()}\r\nConnection: close\r\n\r\n");

        Assert.Equal("404", answer[9..12]);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bomb_CompressedMessage_IsExhaustedOrNoJson()
    {
        var bomb = Gzip(256 << 20);
        byte[] prefix = [1, .. BitConverter.GetBytes(IPAddress.HostToNetworkOrder(bomb.Length))];
        foreach (var method in new[] { "Generate", "ListModels" })
        {
            using var content = new ByteArrayContent([.. prefix, .. bomb]);
            content.Headers.Add("grpc-encoding", "gzip");

            var status = await CallAsync(method, content, cluster.Good);

            Assert.Equal(StatusCode.ResourceExhausted, status);
        }

        using var body = new ByteArrayContent(bomb);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        body.Headers.ContentEncoding.Add("gzip");
        using var response = await cluster.SendAsync(HttpMethod.Post, "/api/jobs", cluster.Good, body);
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task Bomb_Picture_IsAnInvalidArgument()
    {
        // 50,000 x 50,000 pixels in a few bytes: its own header tells.
        var png = Pictures.Png(8, 8);
        new byte[] { 0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50 }.CopyTo(png, 16);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        var wish = Wishes.Quick();
        wish.Source = new PictureInput { Image = ByteString.CopyFrom(png) };

        var error = await FailAsync(() => cluster.Calls.FulfilAsync(wish, HostileFixture.Header(cluster.Good)));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Headers_TooManyOrTooLarge_AreRefusedWithoutAServersName()
    {
        string[] answers =
        [
            await AnswerAsync($"GET /api/jobs HTTP/1.1\r\nHost: a\r\nX: {new string('x', 40_000)}\r\n\r\n"),
            await AnswerAsync($"GET /api/jobs HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X-{i}: x\r\n"))}\r\n"),
            await AnswerAsync($"GET /{new string('x', 10_000)} HTTP/1.1\r\nHost: a\r\n\r\n"),
            await AnswerAsync("nonsense\r\n\r\n"),
        ];

        Assert.Equal(["431", "431", "414", "400"], answers.Select(a => a[9..12]));
        Assert.All(answers, a => Assert.DoesNotContain("\r\nServer:", a, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Http2_Settings_BoundStreamsAndHeaders()
    {
        using var connection = await RawConnection.OpenAsync(cluster.Grpc, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");

        // SETTINGS (RFC 9113, 6.5): three bytes of length, type, flags, stream, and then pairs of two and four bytes.
        var head = await connection.ReadAsync(9);
        var pairs = await connection.ReadAsync(BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(1)));
        var settings = pairs.Chunk(6).ToDictionary(p => BinaryPrimitives.ReadUInt16BigEndian(p), p => BinaryPrimitives.ReadUInt32BigEndian(p.AsSpan(2)));

        Assert.Equal(4, head[3]);
        Assert.Equal((100u, 32u << 10), (settings[3], settings[6]));
    }

    [Fact]
    public async Task Connections_AThousandSlowOnes_AreCutOff()
    {
        // Headers that never end, a body that never comes, silence, and half of what HTTP/2 begins with.
        var body = $"POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {cluster.Other.Text()}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{";
        (Uri Address, string Text, string Status)[] kinds =
        [
            (cluster.Http, "GET /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\n", "408"), (cluster.Http, body, "408"), (cluster.Http, "", ""), (cluster.Grpc, "PRI * HTTP/2.0\r\n", ""),
        ];
        var slow = await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
            (Kind: kinds[i % kinds.Length], Connection: await RawConnection.OpenAsync(kinds[i % kinds.Length].Address, kinds[i % kinds.Length].Text))));
        // And a message over gRPC that does not come.
        using var promised = new Promised([0, 0, 0, 0, 100]);
        var call = Record.ExceptionAsync(() => CallAsync("Generate", promised, cluster.Other));
        await cluster.UndisturbedAsync();

        var answers = await Task.WhenAll(slow.Select(async s => (s.Kind, Text: await s.Connection.ReadAsync())));

        foreach (var (kind, text) in answers.Where(a => a.Kind.Status.Length > 0))
            Assert.StartsWith($"HTTP/1.1 {kind.Status} ", text, StringComparison.Ordinal);
        Assert.All(answers, a => Assert.DoesNotContain("\r\nServer:", a.Text, StringComparison.OrdinalIgnoreCase));
        Assert.IsType<HttpRequestException>(await call);
        foreach (var (_, connection) in slow)
            connection.Dispose();
    }

    private static Task<RpcException> FailAsync(Func<Task> call) => Assert.ThrowsAsync<RpcException>(call);

    private async Task<int> StatusAsync(HttpMethod method, string path, ApiKey? key, object? body = null)
    {
        using var response = await cluster.SendAsync(method, path, key, body is null ? null : JsonContent.Create(body));
        return (int)response.StatusCode;
    }

    private async Task<string> AnswerAsync(string request)
    {
        using var connection = await RawConnection.OpenAsync(cluster.Http, request);
        return await connection.ReadAsync();
    }

    // A call by hand: the client's own would not send this.
    private async Task<StatusCode> CallAsync(string method, HttpContent content, ApiKey? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(cluster.Grpc, $"/diffusion.mesh.v1.Generation/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key.Text());
        using var response = await cluster.Client.SendAsync(request);
        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        return (StatusCode)int.Parse(headers.GetValues("grpc-status").Single(), CultureInfo.InvariantCulture);
    }

    // PNG, third edition, annex D.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xedb88320 & (0 - (crc & 1)));
        }

        return ~crc;
    }

    private static byte[] Gzip(int zeros)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var block = new byte[1 << 20];
            for (var left = zeros; left > 0; left -= block.Length)
                gzip.Write(block);
        }

        return packed.ToArray();
    }

    // Sends its beginning, and no more.
    private sealed class Promised(byte[] beginning) : HttpContent
    {
        private readonly TaskCompletionSource _end = new();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(beginning);
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _end.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
