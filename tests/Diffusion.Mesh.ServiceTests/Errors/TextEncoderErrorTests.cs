using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class TextEncoderErrorTests(FleetFixture fleet) : FleetTest(fleet)
{
    private readonly V1.TextEncoder.TextEncoderClient _client = new(fleet.TextEncoder.Channel);

    [Fact]
    public async Task EncodeText_NoText_NamesTexts() => await AssertInvalidAsync("texts", Request());

    [Fact]
    public async Task EncodeText_TooManyTexts_NamesTexts() => await AssertInvalidAsync("texts", Request([.. Enumerable.Repeat("a", 65)]));

    [Fact]
    public async Task EncodeText_LongText_NamesTexts() => await AssertInvalidAsync("texts", Request(new string('a', 10_001)));

    [Fact]
    public async Task EncodeText_UnknownModel_IsNotFound()
    {
        var request = Request("a");
        request.Model = "no-such-model";

        Assert.Equal(StatusCode.NotFound, (await FailAsync(request)).StatusCode);
    }

    [Fact]
    public async Task EncodeText_OtherRevision_IsFailedPrecondition()
    {
        var request = Request("a");
        request.ModelRevision = "other";

        Assert.Equal(StatusCode.FailedPrecondition, (await FailAsync(request)).StatusCode);
    }

    [Fact]
    public async Task EncodeText_MessageOverTheMethodsLimit_IsResourceExhausted() =>
        Assert.Equal(StatusCode.ResourceExhausted, (await FailAsync(Request(new string('a', (4 << 20) + 1)))).StatusCode);

    [Fact]
    public async Task EncodeText_SixtyFourTexts_AreEncodedAlikeInAnyCompany()
    {
        var together = await _client.EncodeTextAsync(Request([.. Enumerable.Range(0, 64).Select(i => $"a red circle {i % 8}")]));
        var alone = await _client.EncodeTextAsync(Request("a red circle 3"));

        Assert.Equal(64, together.Texts.Count);
        Assert.Equal(alone.Texts[0], together.Texts[3]);
        Assert.Equal(alone.Texts[0], together.Texts[59]);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a })]
    [InlineData(new byte[] { 1, 2, 3 })]
    public async Task EncodeImage_NoPicture_NamesImage(byte[] bytes)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await _client.EncodeImageAsync(
            new EncodeImageRequest { Model = Shapes.Name, Image = ByteString.CopyFrom(bytes) }));

        Assert.Equal(["image"], RichErrors.Problems(error).Select(p => p.Field));
    }

    private static EncodeTextRequest Request(params string[] texts) => new() { Model = Shapes.Name, Texts = { texts } };

    private async Task AssertInvalidAsync(string field, EncodeTextRequest request)
    {
        var error = await FailAsync(request);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal([field], RichErrors.Problems(error).Select(p => p.Field));
    }

    private Task<RpcException> FailAsync(EncodeTextRequest request) =>
        Assert.ThrowsAsync<RpcException>(async () => await _client.EncodeTextAsync(request));
}
