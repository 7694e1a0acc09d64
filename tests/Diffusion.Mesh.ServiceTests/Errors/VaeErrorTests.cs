using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class VaeErrorTests(FleetFixture fleet) : FleetTest(fleet)
{
    private static readonly Dictionary<string, (string Field, Action<DecodeRequest> Spoil)> Wrong = new()
    {
        ["no latents"] = ("latents", r => r.Latents = null),
        ["no dtype"] = ("latents", r => r.Latents.Dtype = DataType.Unspecified),
        ["unknown dtype"] = ("latents", r => r.Latents.Dtype = (DataType)99),
        ["int64"] = ("latents", r => (r.Latents.Dtype, r.Latents.Data) = (DataType.Int64, ByteString.CopyFrom(new byte[8 * 8 * 8 * 8]))),
        ["too many bytes"] = ("latents", r => r.Latents.Data = ByteString.CopyFrom(new byte[8 * 8 * 8 * 4 + 1])),
        ["dimension 0"] = ("latents", r => (r.Latents.Shape[2], r.Latents.Data) = (0, ByteString.Empty)),
        ["dimensions that overflow"] = ("latents", r => (r.Latents.Shape[2], r.Latents.Shape[3]) = (1L << 31, 1L << 31)),
        ["two pictures"] = ("latents", r => r.Latents = Shapes.Zeros(2, 8, 8, 8)),
        ["four channels"] = ("latents", r => r.Latents = Shapes.Zeros(1, 4, 8, 8)),
        ["rank 3"] = ("latents", r => r.Latents = Shapes.Zeros(8, 8, 8)),
        ["format"] = ("options.format", r => r.Options = new ImageOptions { Format = (ImageFormat)99 }),
        ["quality"] = ("options.quality", r => r.Options = new ImageOptions { Quality = 101 }),
        ["text key"] = ("options.text", r => r.Options = new ImageOptions { Text = { [new string('k', 80)] = "" } }),
    };

    private readonly V1.Vae.VaeClient _client = new(fleet.Vae.Channel);

    public static TheoryData<string> Names => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Decode_OneWrongField_IsNamedAlone(string name)
    {
        var request = Request();
        Wrong[name].Spoil(request);

        var error = await FailAsync(request);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal([Wrong[name].Field], RichErrors.Problems(error).Select(p => p.Field));
    }

    [Fact]
    public async Task Decode_UnknownModel_IsNotFound()
    {
        var request = Request();
        request.Model = "no-such-model";

        Assert.Equal(StatusCode.NotFound, (await FailAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Decode_OtherRevision_IsFailedPrecondition()
    {
        var request = Request();
        request.ModelRevision = "other";

        Assert.Equal(StatusCode.FailedPrecondition, (await FailAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Decode_MessageOverTheMethodsLimit_IsResourceExhausted()
    {
        var request = Request();
        request.Latents.Data = ByteString.CopyFrom(new byte[MessageLimits.PicturesRequest + 1]);

        Assert.Equal(StatusCode.ResourceExhausted, (await FailAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Encode_NoPicture_NamesPicture()
    {
        var error = await EncodeFailsAsync([1, 2, 3]);

        Assert.Equal(["picture.image"], RichErrors.Problems(error).Select(p => p.Field));
    }

    [Fact]
    public async Task Encode_SideThatIsNoMultiple_NamesItAndTheMultiple()
    {
        var error = await EncodeFailsAsync(Pictures.Png(24, 32));
        var problem = Assert.Single(RichErrors.Problems(error));

        Assert.Equal("picture.width", problem.Field);
        Assert.Contains("multiple of 16", problem.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encode_Picture_GivesMeanAndLogVarianceInLatentUnits()
    {
        var response = await _client.EncodeAsync(
            new EncodeImageToLatentsRequest { Model = Shapes.Name, Picture = Input(Pictures.Png(64, 128)) });

        Assert.Equal([1, 8, 8, 4], response.Latents.Mean.Shape);
        Assert.Equal([1, 8, 8, 4], response.Latents.LogVariance.Shape);
    }

    private static PictureInput Input(byte[] file) => new() { Image = ByteString.CopyFrom(file) };

    private static DecodeRequest Request() => new() { Model = Shapes.Name, Latents = Shapes.Latents() };

    private Task<RpcException> EncodeFailsAsync(byte[] file) => Assert.ThrowsAsync<RpcException>(async () => await _client.EncodeAsync(
        new EncodeImageToLatentsRequest { Model = Shapes.Name, Picture = Input(file) }));

    private async Task<RpcException> FailAsync(DecodeRequest request)
    {
        using var call = _client.Decode(request, cancellationToken: Patience.Token);
        return await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
    }
}
