using System.Net;
using System.Net.Http.Headers;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Requests that are no messages are their sender's mistake: they end with INVALID_ARGUMENT, and the server logs no error.</summary>
public sealed class UnreadableRequestTests(FleetFixture fleet) : FleetTest(fleet)
{
    private const string Unary = "/diffusion.mesh.v1.TextEncoder/EncodeText";
    private const string Streaming = "/diffusion.mesh.v1.Vae/Decode";
    private const string Duplex = "/diffusion.mesh.v1.Unet/Denoise";
    private const string Garbage = "0000000003FFFFFF";

    [Theory]
    [InlineData(Unary, Garbage)]
    [InlineData(Streaming, Garbage)]
    [InlineData(Duplex, Garbage)]
    [InlineData(Unary, "0000000005AAAA")]
    [InlineData(Duplex, "0000000005AAAA")]
    [InlineData(Unary, "00FFFFFFFF")]
    [InlineData(Duplex, "00FFFFFFFF")]
    [InlineData(Unary, "0700000000")]
    [InlineData(Duplex, "0700000000")]
    [InlineData(Unary, "0100000000")]
    [InlineData(Unary, "00000000000000000000")]
    [InlineData(Unary, "")]
    public async Task Call_NoMessage_IsInvalid(string method, string body) =>
        Assert.Equal(StatusCode.InvalidArgument, await CallAsync(method, Convert.FromHexString(body)));

    [Theory]
    [InlineData(Unary)]
    [InlineData(Duplex)]
    public async Task Call_BinaryMetadataThatIsNoBase64_IsInvalid(string method) =>
        Assert.Equal(StatusCode.InvalidArgument, await CallAsync(method, new byte[5], ("x-bin", "%%%")));

    [Fact]
    public async Task Call_LongValues_AreNotSentBackAtLength()
    {
        var job = Shapes.Job();
        job.Sampler = new Sampler { Name = new string('x', 1 << 20) };
        for (var i = 0; i < 1000; i++)
            job.Positive.Tensors.Add(new NamedTensor { Name = $"nothing-{i}" });
        using var call = new V1.Unet.UnetClient(Fleet.Unet.Channel).Denoise();
        await call.RequestStream.WriteAsync(new DenoiseRequest { Job = job });

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("job.sampler.name", RichErrors.Problems(error)[0].Field);
        Assert.Contains("more", RichErrors.Problems(error)[^1].Description, StringComparison.Ordinal);
        Assert.InRange(error.Trailers.Sum(t => t.IsBinary ? t.ValueBytes.Length : t.Value.Length), 1, 6000);
    }

    private async Task<StatusCode> CallAsync(string method, byte[] body, params (string Name, string Value)[] headers)
    {
        var service = method == Unary ? Fleet.TextEncoder : method == Streaming ? Fleet.Vae : Fleet.Unet;
        using var client = new HttpClient();
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Address, method))
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var response = await client.SendAsync(request);
        var trailers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        return Enum.Parse<StatusCode>(trailers.GetValues("grpc-status").Single());
    }
}
