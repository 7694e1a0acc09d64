using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.TextEncoder.Tests;

[Collection(TextEncoderCollection.Name)]
public sealed class EncodeImageTests(TextEncoderServer server)
{
    private const string Text = "a small yellow star";

    [Fact]
    public async Task EncodeImage_TextOfNoWeight_IsThePictureAlone()
    {
        var alone = await server.Client.EncodeImageAsync(Request());
        var mixed = await server.Client.EncodeImageAsync(Request(Text, 0));

        Assert.Equal(alone, mixed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public async Task EncodeImage_TextWeight_ProjectsTheMix(double share)
    {
        var alone = await server.Client.EncodeImageAsync(Request());
        var mixed = await server.Client.EncodeImageAsync(Request(Text, share));
        var pooled = (await server.EncodeAsync(TestModels.Shapes, Text)).Pooled.Read();

        using var parts = server.Models.Load(TestModels.Shapes);
        var embedding = share == 1 ? pooled : SphericalMix.Mix(alone.Embedding.Read(), pooled, share);
        Wire.AssertSameBits(parts.Image!.Project(embedding), mixed.Conditioning.Input("encoder_hidden_states"));
        Assert.Equal(alone.Embedding, mixed.Embedding);
        Assert.Equal(alone.Unconditional, mixed.Unconditional);
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task EncodeImage_WeightOutOfRange_NamesIt(double share)
    {
        var problems = await TextEncoderServer.ProblemsAsync(server.Client.EncodeImageAsync(Request(Text, share)));

        Assert.Equal("text_weight", Assert.Single(problems).Field);
    }

    [Fact]
    public async Task EncodeImage_EverythingWrong_NamesEveryField()
    {
        var request = Request(new string('a', 10_001), 2);
        request.Image = ByteString.CopyFromUtf8("no picture");
        var problems = await TextEncoderServer.ProblemsAsync(server.Client.EncodeImageAsync(request));

        Assert.Equal(["text_weight", "text", "image"], problems.Select(p => p.Field));
    }

    [Fact]
    public async Task EncodeImage_WeightWithoutText_NamesIt()
    {
        var problems = await TextEncoderServer.ProblemsAsync(server.Client.EncodeImageAsync(Request("", 0.5)));

        Assert.Equal("text_weight", Assert.Single(problems).Field);
    }

    [Theory]
    [InlineData(TestModels.Sd15, 0, "image encoder")]
    [InlineData(TestModels.NoProjection, 0.5, "image projection")]
    public async Task EncodeImage_ModelWithoutThePart_IsUnimplemented(string model, double share, string part)
    {
        var request = Request(share > 0 ? Text : "", share);
        request.Model = model;
        var error = await Assert.ThrowsAsync<RpcException>(async () => await server.Client.EncodeImageAsync(request));

        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
        Assert.Contains(part, error.Status.Detail);
    }

    [Fact]
    public async Task EncodeImage_NoProjection_GivesTheEmbeddingAlone()
    {
        var request = Request();
        request.Model = TestModels.NoProjection;
        var response = await server.Client.EncodeImageAsync(request);

        Assert.Equal((null, null), (response.Conditioning, response.Unconditional));
        Assert.Equal((ElementType.Float32, 128), (response.Embedding.Read().Type, response.Embedding.Read().Count));
    }

    private static EncodeImageRequest Request(string text = "", double share = 0) => new()
    {
        Model = TestModels.Shapes,
        Image = ByteString.CopyFrom(GoldenFolder.Shapes("picture.png")),
        Text = text,
        TextWeight = share,
    };
}
