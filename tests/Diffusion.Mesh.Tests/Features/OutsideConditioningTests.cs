using System.Runtime.InteropServices;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>Embeddings made elsewhere.</summary>
[Collection(MeshCollection.Name)]
public sealed class OutsideConditioningTests(MeshFixture mesh)
{
    private const string Input = "encoder_hidden_states";

    [Fact]
    public async Task Generate_TheEncodersOwnEmbeddings_GivesThePromptsPicture()
    {
        var encoded = await mesh.TextEncoder.EncodeTextAsync(new EncodeTextRequest { Model = mesh.Model.Name, Texts = { Wishes.Circle, "" } });
        var prompted = await mesh.Generation.FulfilAsync(Wishes.Of(Wishes.Circle));

        var outside = await mesh.Generation.FulfilAsync(Outside(encoded.Texts[0].Conditioning, encoded.Texts[1].Conditioning));

        Assert.Equal(prompted.File, outside.File);
    }

    [Fact]
    public async Task Generate_FourTokensOfAPicture_GivesItsVariation()
    {
        var picture = ByteString.CopyFrom((await mesh.Generation.FulfilAsync(Wishes.Of(Wishes.Circle))).File);
        var encoded = await mesh.TextEncoder.EncodeImageAsync(new EncodeImageRequest { Model = mesh.Model.Name, Image = picture });
        var variation = await mesh.Generation.FulfilAsync(Wishes.Of("").With(r => r.ImagePrompt = new ImagePrompt { Image = picture }));

        var outside = await mesh.Generation.FulfilAsync(Outside(encoded.Conditioning, encoded.Unconditional));

        Assert.Equal(4, encoded.Conditioning.Tensors[0].Tensor.Shape[1]);
        Assert.Equal(variation.File, outside.File);
    }

    [Fact]
    public async Task Generate_SidesOfDifferentLength_MakesAPicture()
    {
        var outcome = await mesh.Generation.FulfilAsync(Outside(Filled(0.1f, 7, 128), Filled(0, 3, 128)));

        Assert.Equal(128, outcome.Picture.Width);
    }

    [Theory]
    [InlineData(127, 0.1f)]
    [InlineData(128, float.NaN)]
    [InlineData(128, float.PositiveInfinity)]
    public async Task Generate_WrongWidthOrNoNumber_NamesTheField(int width, float value)
    {
        var error = await mesh.Generation.FailAsync(Outside(Filled(value, 4, width), Filled(0, 4, 128)));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal($"conditioning.positive.{Input}", Assert.Single(RichErrors.Problems(error)).Field);
    }

    [Fact]
    public async Task Generate_UnknownInput_NamesTheField()
    {
        var unknown = Filled(0, 4, 128);
        unknown.Tensors.Add(new NamedTensor { Name = "no_such_input", Tensor = unknown.Tensors[0].Tensor });

        var error = await mesh.Generation.FailAsync(Outside(unknown, Filled(0, 4, 128)));

        Assert.Equal("conditioning.positive.no_such_input", Assert.Single(RichErrors.Problems(error)).Field);
    }

    [Fact]
    public async Task Generate_NoPositive_NamesTheField()
    {
        var error = await mesh.Generation.FailAsync(Outside(null, Filled(0, 4, 128)));

        Assert.Equal($"conditioning.positive.{Input}", Assert.Single(RichErrors.Problems(error)).Field);
    }

    private static GenerateRequest Outside(Conditioning? positive, Conditioning negative) =>
        Wishes.Of("").With(r => r.Conditioning = new OutsideConditioning { Positive = positive, Negative = negative });

    private static Conditioning Filled(float value, int tokens, int width)
    {
        var values = new float[tokens * width];
        Array.Fill(values, value);
        var tensor = new Tensor { Dtype = DataType.Float32, Data = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) };
        tensor.Shape.AddRange([1, tokens, width]);
        return new Conditioning { Tensors = { new NamedTensor { Name = Input, Tensor = tensor } } };
    }
}
