using System.Text.Json;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Tests;

/// <summary>One call of the diffusers pipeline with its results.</summary>
internal sealed class GoldenCase
{
    private static readonly string[] _arguments =
    [
        "prompt", "negative_prompt", "seed", "num_inference_steps", "guidance_scale", "height", "width", "num_images_per_prompt", "eta",
    ];

    private readonly JsonElement _record;

    private GoldenCase(string name) => (Name, _record) = (name, GoldenFolder.Read(name));

    public string Name { get; }

    public GoldenTensor Latents => GoldenTensor.Read(_record.GetProperty("latents"));

    /// <summary>The pictures' pixels, [count, height, width, 3].</summary>
    public byte[] Pixels => _record.GetProperty("images").GetProperty("u8").GetBytesFromBase64();

    private JsonElement Call => _record.GetProperty("call");

    private string? ClassName => _record.TryGetProperty("scheduler", out var scheduler) ? scheduler.GetString() : null;

    /// <summary>Names of the cases that start from text, but for those of a sampler that the library has not.</summary>
    public static TheoryData<string> TextToImage() =>
    [
        .. GoldenFolder.Names().Where(name => GoldenFolder.Read(name) is var record
            && record.TryGetProperty("kind", out var kind) && kind.GetString() == "text2img"
            && (!record.TryGetProperty("scheduler", out var scheduler) || Samplers.IsKnown(scheduler.GetString()!))),
    ];

    public static GoldenCase Read(string name) => new(name);

    /// <summary>The request that means the same as the call.</summary>
    public GenerateRequest Request(string model, SchedulerConfig own)
    {
        Assert.Empty(Call.EnumerateObject().Select(argument => argument.Name).Except(_arguments));
        var request = new GenerateRequest
        {
            Model = model,
            Prompt = Call.GetProperty("prompt").GetString(),
            NegativePrompt = Call.TryGetProperty("negative_prompt", out var negative) ? negative.GetString() : "",
            Seed = Call.GetProperty("seed").GetUInt64(),
            GuidanceScale = Call.GetProperty("guidance_scale").GetDouble(),
            Schedule = new Schedule { Steps = Call.GetProperty("num_inference_steps").GetInt32() },
            Sampler = new Sampler(),
        };
        if (Call.TryGetProperty("width", out var width))
            request.Width = width.GetInt32();
        if (Call.TryGetProperty("height", out var height))
            request.Height = height.GetInt32();
        if (Call.TryGetProperty("num_images_per_prompt", out var count))
            request.Count = count.GetInt32();
        if (Call.TryGetProperty("eta", out var eta))
            request.Sampler.Eta = eta.GetDouble();
        if (ClassName is { } className)
            GoldenScheduler.Choose(request, className, _record.GetProperty("scheduler_config"), own);
        return request;
    }
}
