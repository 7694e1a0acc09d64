using Diffusion.Mesh.V1;
using Diffusion.Mesh.Vae.Tests;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>Wrong values are refused by the name that the request has for them.</summary>
[Collection(MeshCollection.Name)]
public sealed class WrongChoiceTests(MeshFixture mesh)
{
    private static readonly ByteString _picture = Wishes.Mask(64, 64, _ => true);

    private static readonly Dictionary<string, (string Field, Action<GenerateRequest> Spoil)> _wrong = new()
    {
        ["strength 0"] = ("strength", r => (r.Source, r.Strength) = (Source(), 0)),
        ["strength 1.5"] = ("strength", r => (r.Source, r.Strength) = (Source(), 1.5)),
        ["strength NaN"] = ("strength", r => (r.Source, r.Strength) = (Source(), double.NaN)),
        ["strength that leaves no step"] = ("strength", r => (r.Source, r.Strength) = (Source(), 0.01)),
        ["strength without source"] = ("strength", r => r.Strength = 0.5),
        ["composite without source"] = ("composite", r => r.Composite = true),
        ["composite without mask"] = ("composite", r => (r.Source, r.Composite) = (Source(), true)),
        ["source without picture"] = ("source.image", r => r.Source = new PictureInput()),
        ["source with a size"] = ("source.width", r => r.Source = new PictureInput { Image = _picture, Width = 64 }),
        ["resize no value"] = ("source.resize", r => r.Source = new PictureInput { Image = _picture, Resize = (ResizeMode)99 }),
        ["margins no multiple"] = ("source.margins", r => r.Source = new PictureInput { Image = _picture, Margins = new Margins { Left = 3 } }),
        ["margins huge"] = ("source.margins", r => r.Source = new PictureInput { Image = _picture, Margins = new Margins { Top = uint.MaxValue } }),
        ["candidates below count"] = ("candidates", r => (r.Candidates, r.Count) = (2, 4)),
        ["candidates 0"] = ("candidates", r => r.Candidates = 0),
        ["candidates 65"] = ("candidates", r => r.Candidates = 65),
        ["candidates of a picture prompt"] = ("candidates", r => (r.Candidates, r.ImagePrompt) = (2, new ImagePrompt { Image = _picture })),
        ["previews every 0"] = ("previews.every", r => r.Previews = new PreviewOptions()),
        ["previews every -1"] = ("previews.every", r => r.Previews = new PreviewOptions { Every = -1 }),
        ["guidance backwards"] = ("guidance_end", r => (r.GuidanceStart, r.GuidanceEnd) = (0.6, 0.5)),
        ["guidance start NaN"] = ("guidance_start", r => r.GuidanceStart = double.NaN),
        ["guidance end over 1"] = ("guidance_end", r => r.GuidanceEnd = 1.5),
        ["guidance rescale over 1"] = ("guidance_rescale", r => r.GuidanceRescale = 1.5),
        ["picture prompt without picture"] = ("image_prompt.image", r => r.ImagePrompt = new ImagePrompt()),
        ["text weight over 1"] = ("image_prompt.text_weight", r => r.ImagePrompt = new ImagePrompt { Image = _picture, TextWeight = 1.5 }),
        ["text weight NaN"] = ("image_prompt.text_weight", r => r.ImagePrompt = new ImagePrompt { Image = _picture, TextWeight = double.NaN }),
        ["conditioning with prompt"] = ("conditioning", r => r.Conditioning = Empty()),
        ["conditioning without negative"] = ("conditioning.negative", r =>
            (r.Prompt, r.Conditioning) = ("", new OutsideConditioning { Positive = new Conditioning() })),
        ["clip skip 0"] = ("text_options.clip_skip", r => r.TextOptions = new TextOptions { ClipSkip = 0 }),
        ["long prompt no value"] = ("text_options.long_prompt", r => r.TextOptions = new TextOptions { LongPrompt = (LongPrompt)99 }),
    };

    public static TheoryData<string> Names => [.. _wrong.Keys];

    public static TheoryData<string> Hostile => [.. HostilePictures.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Generate_WrongField_IsNamedAlone(string name)
    {
        var error = await mesh.Generation.FailAsync(Wishes.Of(Wishes.Circle, steps: 4).With(_wrong[name].Spoil));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(_wrong[name].Field, Assert.Single(RichErrors.Problems(error)).Field);
    }

    [Fact]
    public async Task Generate_ManyWrongFields_NamesAllAtOnce()
    {
        var error = await mesh.Generation.FailAsync(Wishes.Of(Wishes.Circle).With(r =>
        {
            (r.Strength, r.Composite, r.Candidates, r.GuidanceStart, r.GuidanceRescale) = (double.NaN, true, 65, -1, 2);
            r.Previews = new PreviewOptions();
            r.Source = new PictureInput();
            r.TextOptions = new TextOptions { ClipSkip = -1 };
        }));

        Assert.Equal(
            ["candidates", "composite", "guidance_rescale", "guidance_start", "previews.every", "source.image", "strength", "text_options.clip_skip"],
            RichErrors.Problems(error).Select(p => p.Field).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Generate_HostileSource_IsRefused(string name) =>
        // With a size to bring it to: one is a picture by its header, and its own size is over the server's limit.
        await AssertRefusedAsync(r => (r.Source, r.Width, r.Height) = (new PictureInput { Image = File(name) }, 128, 128), "source.image");

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Generate_HostileMask_IsRefused(string name) =>
        await AssertRefusedAsync(r => r.Source = new PictureInput { Image = _picture, Mask = File(name) }, "source.mask");

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task Generate_HostilePicturePrompt_IsRefused(string name) =>
        await AssertRefusedAsync(r => r.ImagePrompt = new ImagePrompt { Image = File(name) }, "image_prompt.image");

    private async Task AssertRefusedAsync(Action<GenerateRequest> spoil, string field)
    {
        var error = await mesh.Generation.FailAsync(Wishes.Of("", steps: 4).With(spoil));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(field, Assert.Single(RichErrors.Problems(error)).Field);
    }

    private static ByteString File(string name) => ByteString.CopyFrom(HostilePictures.All[name]);

    private static PictureInput Source() => new() { Image = _picture };

    private static OutsideConditioning Empty() => new() { Positive = new Conditioning(), Negative = new Conditioning() };
}
