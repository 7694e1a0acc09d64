using System.Text.Json;
using System.Text.Json.Nodes;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Tests;

/// <summary>One call of the diffusers pipeline with its results.</summary>
internal sealed class GoldenCase(GoldenFolder folder, string name)
{
    private readonly JsonElement _record = folder.Read(name);

    public string Kind => _record.GetProperty("kind").GetString()!;

    public GoldenTensor Latents => GoldenTensor.Read(_record.GetProperty("latents"));

    /// <summary>[count, height, width, 3].</summary>
    public int[] PixelShape => [.. Images.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];

    /// <summary>The pictures' pixels, one picture after the other.</summary>
    public byte[] Pixels => Images.GetProperty("u8").GetBytesFromBase64();

    private JsonElement Images => _record.GetProperty("images");

    private string? ClassName => _record.TryGetProperty("scheduler", out var scheduler) ? scheduler.GetString() : null;

    /// <summary>The call's own scheduler_config.json, where it replaced the model's.</summary>
    public string? SchedulerConfig()
    {
        if (ClassName is not { } className)
            return null;
        var config = JsonNode.Parse(_record.GetProperty("scheduler_config").GetRawText())!.AsObject();
        config["_class_name"] = className;
        return config.ToJsonString();
    }

    /// <summary>The request that means the same as the call, and chooses the call's sampler.</summary>
    /// <param name="own">The model's own sampler.</param>
    public GenerateRequest Request(string model, SchedulerConfig own)
    {
        var request = Request(model);
        if (ClassName is { } className)
            GoldenScheduler.Choose(request, className, _record.GetProperty("scheduler_config"), own);
        return request;
    }

    /// <summary>The request that means the same as the call to a model with its sampler.</summary>
    public GenerateRequest Request(string model)
    {
        var request = new GenerateRequest { Model = model, Schedule = new Schedule(), Sampler = new Sampler() };
        GoldenArguments.Apply(_record.GetProperty("call"), request);
        AddPictures(request);
        return request;
    }

    private void AddPictures(GenerateRequest request)
    {
        switch (Kind)
        {
            case "text2img":
                break;
            case "img2img":
                request.Source = new PictureInput { Image = Bytes("image") };
                break;
            case "inpaint":
                request.Source = new PictureInput { Image = Bytes("image"), Mask = Bytes("mask") };
                // Where the call says no size diffusers paints the model's own, whatever the picture's.
                (request.Height, request.Width) = (PixelShape[1], PixelShape[2]);
                break;
            case "variation":
                request.ImagePrompt = new ImagePrompt { Image = Bytes("image") };
                break;
            default:
                Assert.Fail($"No request is known for a call of kind '{Kind}'.");
                break;
        }
    }

    private ByteString Bytes(string property) => ByteString.CopyFrom(folder.Bytes(_record.GetProperty(property).GetString()!));
}
