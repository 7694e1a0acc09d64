using System.Drawing;
using Diffusion.Mesh.Client;
using Diffusion.Mesh.V1;
using Microsoft.Extensions.AI;

#pragma warning disable MEAI001 // The abstraction itself is an experiment.

namespace Diffusion.Mesh.ServiceTests;

public sealed class ImageGeneratorTests(ClusterFixture cluster) : ClusterTest(cluster)
{
    private readonly IImageGenerator _generator = new DiffusionImageGenerator(new MeshClient(cluster.Address), "shapes");

    [Fact]
    public async Task Generate_PromptAndOptions_GivesTheSamePicturesAsTheCall()
    {
        var options = new ImageGenerationOptions
        {
            Count = 2,
            ImageSize = new Size(64, 128),
            MediaType = "image/webp",
            AdditionalProperties = new() { ["seed"] = 5, ["steps"] = 2, ["guidance_scale"] = 3.0, ["sampler"] = "ddim", ["negative_prompt"] = "blue" },
        };

        var response = await _generator.GenerateAsync(new ImageGenerationRequest("a red circle"), options);

        var events = await Client.FulfilAsync(new GenerateRequest
        {
            Prompt = "a red circle",
            NegativePrompt = "blue",
            Count = 2,
            Width = 64,
            Height = 128,
            Seed = 5,
            Schedule = new Schedule { Steps = 2 },
            GuidanceScale = 3,
            Sampler = new Sampler { Name = "ddim" },
            ImageOptions = new ImageOptions { Format = ImageFormat.Webp },
        });
        var contents = response.Contents.Cast<DataContent>().ToArray();
        Assert.Equal(["image/webp", "image/webp"], contents.Select(c => c.MediaType));
        Assert.Equal([Wishes.File(events, 0), Wishes.File(events, 1)], contents.Select(c => c.Data.ToArray()));
    }

    [Fact]
    public async Task Generate_OriginalImage_IsPaintedOver()
    {
        var options = new ImageGenerationOptions { AdditionalProperties = new() { ["seed"] = 5, ["steps"] = 4, ["strength"] = 0.5 } };
        var original = (await _generator.GenerateAsync(new ImageGenerationRequest("a red circle"), new ImageGenerationOptions())).Contents[0];

        var response = await _generator.GenerateAsync(new ImageGenerationRequest("a blue circle", [original]), options);

        Assert.Single(response.Contents);
    }

    [Fact]
    public async Task Generate_WhatIsNotKnown_IsRefusedByName()
    {
        var options = new ImageGenerationOptions
        {
            MediaType = "image/gif",
            ResponseFormat = ImageGenerationResponseFormat.Uri,
            AdditionalProperties = new() { ["quality"] = "hd", ["steps"] = "many" },
        };

        var error = await Assert.ThrowsAsync<ArgumentException>(() => _generator.GenerateAsync(new ImageGenerationRequest("a red circle"), options));

        Assert.All(["image/gif", "ResponseFormat", "'quality'", "'steps'"], what => Assert.Contains(what, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void GetService_Known_IsGiven()
    {
        Assert.Equal("diffusion_mesh", _generator.GetService<ImageGeneratorMetadata>()!.ProviderName);
        Assert.NotNull(_generator.GetService<MeshClient>());
        Assert.Same(_generator, _generator.GetService<DiffusionImageGenerator>());
        Assert.Null(_generator.GetService<string>());
    }
}
