using Diffusion.Mesh.StandIns.Tests.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class GrpcMetadataTests
{
    private static readonly byte[] _bytes = [0, 1, 127, 128, 255];

    [Fact]
    public async Task Call_TextAndBinaryHeaders_ComeBackAsHeadersAndTrailers()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var headers = new Metadata { { "Echo-Text", "value" }, { "echo-data-bin", _bytes } };
        using var call = server.Echo.OnceAsync(new EchoMessage(), headers);

        var responseHeaders = await call.ResponseHeadersAsync;
        await call;

        foreach (var received in new[] { responseHeaders, call.GetTrailers() })
        {
            Assert.Equal("value", received.GetAll("echo-text").Single().Value);
            Assert.Equal(_bytes, received.GetValueBytes("echo-data-bin"));
        }
    }

    [Fact]
    public async Task Call_CredentialsOfCall_AddHeaders()
    {
        await using var server = await GrpcTestServer.StartAsync();
        using var channel = GrpcChannel.ForAddress(
            $"http://{server.Channel.Target}", new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });
        var credentials = CallCredentials.FromInterceptor((context, metadata) =>
        {
            metadata.Add("echo-token", context.MethodName);
            return Task.CompletedTask;
        });
        using var call = new Echo.EchoClient(channel).OnceAsync(new EchoMessage(), new CallOptions(credentials: credentials));

        await call;

        Assert.Equal("Once", call.GetTrailers().GetValue("echo-token"));
    }

    [Theory]
    [InlineData("has space")]
    [InlineData("ümlaut")]
    [InlineData("text-bin")]
    public void Entry_BadTextKey_Throws(string key) =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "value"));

    [Fact]
    public void Entry_BinaryWithoutSuffix_Throws() =>
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("data", _bytes));

    [Fact]
    public void Entry_BinaryReadAsText_Throws() =>
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("data-bin", _bytes).Value);

    [Fact]
    public void Entry_UpperCaseKey_IsLowered()
    {
        var metadata = new Metadata { { "X-Key", "1" }, { "x-key", "2" } };

        Assert.Equal("x-key", metadata[0].Key);
        Assert.Equal("2", metadata.GetValue("X-KEY"));
        Assert.Null(metadata.Get("other"));
    }

    [Fact]
    public void Empty_Add_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));
}
