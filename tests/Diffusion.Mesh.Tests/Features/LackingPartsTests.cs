using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>Models without text, and models that paint pixels without a VAE.</summary>
public sealed class LackingPartsTests(TinyCluster tiny) : IClassFixture<TinyCluster>
{
    [Theory]
    [InlineData(TinyCluster.Unconditional, 64)]
    [InlineData(TinyCluster.OnPixels, 4)]
    public async Task Generate_ModelWithoutText_MakesPictures(string model, int side)
    {
        var outcome = await tiny.Generation.FulfilAsync(Wish(model).With(r => r.Count = 2));

        Assert.Equal(2, outcome.Files.Count);
        Assert.NotEqual(outcome.Files[0], outcome.Files[1]);
        Assert.All(outcome.Files.Select(file => Outcome.Read(file)), p => Assert.Equal((side, side), (p.Width, p.Height)));
        Assert.Empty(outcome.Done.Warnings);
    }

    [Theory]
    [InlineData(TinyCluster.Unconditional, 192, 128)]
    [InlineData(TinyCluster.OnPixels, 33, 17)]
    public async Task Generate_OtherSize_IsTaken(string model, int width, int height)
    {
        var picture = (await tiny.Generation.FulfilAsync(Wish(model).With(r => (r.Width, r.Height) = (width, height)))).Picture;

        Assert.Equal((width, height), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(TinyCluster.Unconditional, false, 4)]
    [InlineData(TinyCluster.Unconditional, true, 64)]
    [InlineData(TinyCluster.OnPixels, false, 4)]
    [InlineData(TinyCluster.OnPixels, true, 4)]
    public async Task Generate_Previews_ComeInTheirSize(string model, bool full, int side)
    {
        var outcome = await tiny.Generation.FulfilAsync(
            Wish(model).With(r => r.Previews = new PreviewOptions { Every = 1, FullDecode = full }));

        // So short a run may end before its first preview is made.
        Assert.All(outcome.Previews.Select(p => Outcome.Read(p.Data.Span)), p => Assert.Equal((side, side), (p.Width, p.Height)));
        Assert.NotEmpty(outcome.Files);
    }

    [Theory]
    [InlineData(TinyCluster.Unconditional, 64)]
    [InlineData(TinyCluster.OnPixels, 32)]
    public async Task Generate_SourceWithMask_KeepsItsPart(string model, int side)
    {
        var source = Wishes.Mask(side, side, x => x % 16 < 8);
        var painted = (await tiny.Generation.FulfilAsync(Wish(model).With(r =>
        {
            r.Source = new PictureInput { Image = source, Mask = Wishes.Mask(side, side, x => x >= side / 2) };
            r.Composite = true;
        }))).Picture;

        Assert.InRange(Pixels.Differences(Outcome.Read(source.Span), painted, 0, side / 2).Max(), 0, 4);
    }

    [Theory]
    [InlineData(TinyCluster.Unconditional)]
    [InlineData(TinyCluster.OnPixels)]
    public async Task Generate_PromptForModelWithoutText_IsRefused(string model)
    {
        var error = await tiny.Generation.FailAsync(Wish(model).With(r => r.Prompt = "a circle"));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("prompt", Assert.Single(RichErrors.Problems(error)).Field);
    }

    [Fact]
    public async Task ListModels_ModelsWithoutText_AreThere()
    {
        var models = (await tiny.Generation.ListModelsAsync(new ListModelsRequest())).Models;

        Assert.Equal([TinyCluster.OnPixels, TinyCluster.Unconditional], models.Select(m => m.Name));
        Assert.All(models, m => Assert.Equal(0u, m.TextWindow));
        Assert.Equal([1u, 16u], models.Select(m => m.Scale));
    }

    private static GenerateRequest Wish(string model) => new() { Model = model, Seed = 1, Schedule = new Schedule { Steps = 4 }, OmitMetadata = true };
}
