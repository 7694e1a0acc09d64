using System.IO.Compression;
using Diffusion.Mesh.StandIns.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Xunit;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class GrpcCallTests
{
    private const int FiveMebibytes = 5 * 1024 * 1024;

    [Fact]
    public async Task Unary_Message_ComesBack()
    {
        await using var server = await GrpcTestServer.StartAsync();
        using var call = server.Echo.OnceAsync(new EchoMessage { Text = "hello" });

        Assert.Equal("hello", (await call).Text);
        Assert.Equal(Status.DefaultSuccess, call.GetStatus());
    }

    [Fact]
    public async Task ClientStreaming_Messages_AreJoined()
    {
        await using var server = await GrpcTestServer.StartAsync();
        using var call = server.Echo.Join();
        await call.RequestStream.WriteAsync(new EchoMessage { Text = "one" });
        await call.RequestStream.WriteAsync(new EchoMessage { Text = "two" }, CancellationToken.None);
        await call.RequestStream.CompleteAsync();

        Assert.Equal("one two", (await call).Text);
    }

    [Fact]
    public async Task ServerStreaming_Messages_ComeInOrder()
    {
        await using var server = await GrpcTestServer.StartAsync();
        using var call = server.Echo.Repeat(new EchoMessage { Text = "again", Times = 3 });
        var times = new List<int>();
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            times.Add(message.Times);
        }

        Assert.Equal([1, 2, 3], times);
    }

    [Fact]
    public async Task DuplexStreaming_Messages_AreAnsweredOneByOne()
    {
        await using var server = await GrpcTestServer.StartAsync();
        using var call = server.Echo.Chat();
        foreach (var text in new[] { "ping", "pong" })
        {
            await call.RequestStream.WriteAsync(new EchoMessage { Text = text });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Unary_FiveMebibytes_ComeBackWhole()
    {
        var data = new byte[FiveMebibytes];
        new Random(1).NextBytes(data);
        await using var server = await GrpcTestServer.StartAsync();

        var reply = await server.Echo.OnceAsync(new EchoMessage { Data = ByteString.CopyFrom(data) });

        Assert.True(reply.Data.Span.SequenceEqual(data));
    }

    [Fact]
    public async Task Unary_Gzip_CompressesBothWays()
    {
        using var recorder = new EncodingRecorder();
        await using var server = await GrpcTestServer.StartAsync(
            grpc: options =>
            {
                options.ResponseCompressionAlgorithm = "gzip";
                options.ResponseCompressionLevel = CompressionLevel.Fastest;
            },
            handler: recorder);
        var request = new EchoMessage { Text = new string('x', 100_000) };

        var reply = await server.Echo.OnceAsync(request, new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        Assert.Equal(request, reply);
        Assert.Equal("gzip", recorder.Request);
        Assert.Equal("gzip", recorder.Response);
    }

    private sealed class EncodingRecorder() : DelegatingHandler(new SocketsHttpHandler())
    {
        public string? Request { get; private set; }

        public string? Response { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Request = request.Headers.GetValues("grpc-encoding").Single();
            Response = response.Headers.GetValues("grpc-encoding").Single();
            return response;
        }
    }
}
