using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>One call of a diffusers pipeline with its results.</summary>
internal sealed class GoldenCall
{
    private const double UsualTolerance = 1e-3;

    private static readonly string[] s_arguments =
    [
        "prompt", "negative_prompt", "seed", "num_inference_steps", "guidance_scale", "guidance_rescale", "height", "width",
        "num_images_per_prompt", "strength", "eta",
    ];

    private readonly string _folder;
    private readonly JsonElement _record;
    private readonly JsonElement _call;

    private GoldenCall(string folder, JsonElement record)
    {
        (_folder, _record, _call) = (folder, record, record.GetProperty("call"));
        Assert.Empty(_call.EnumerateObject().Select(argument => argument.Name).Except(s_arguments));
    }

    public string Kind => _record.GetProperty("kind").GetString()!;

    public string Prompt => _call.GetProperty("prompt").GetString()!;

    public string NegativePrompt => _call.TryGetProperty("negative_prompt", out var text) ? text.GetString()! : "";

    public ulong Seed => _call.GetProperty("seed").GetUInt64();

    public int Steps => _call.GetProperty("num_inference_steps").GetInt32();

    public double GuidanceScale => _call.GetProperty("guidance_scale").GetDouble();

    public double GuidanceRescale => Number("guidance_rescale") ?? 0;

    public double? Eta => Number("eta");

    public double Strength => Number("strength") ?? 1;

    public int Images => (int)(Number("num_images_per_prompt") ?? 1);

    public int Height => (int?)Number("height") ?? Image!.Height;

    public int Width => (int?)Number("width") ?? Image!.Width;

    public Picture? Image => Picture("image");

    public Picture? Mask => Picture("mask");

    public double Tolerance => _record.TryGetProperty("tolerance", out var tolerance) ? tolerance.GetDouble() : UsualTolerance;

    public int[] Shape => [.. _record.GetProperty("latents").GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())];

    public float[] Latents => MemoryMarshal.Cast<byte, float>(_record.GetProperty("latents").GetProperty("f32").GetBytesFromBase64()).ToArray();

    public static GoldenCall Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(GoldenFolder.Pipelines, name + ".json")));
        return new GoldenCall(GoldenFolder.Family(Path.GetDirectoryName(name)!), document.RootElement.Clone());
    }

    /// <summary>The call's own scheduler_config.json, where it has replaced the model's.</summary>
    public string? SchedulerConfig()
    {
        if (!_record.TryGetProperty("scheduler", out var name))
            return null;
        var config = JsonNode.Parse(_record.GetProperty("scheduler_config").GetRawText())!.AsObject();
        config["_class_name"] = name.GetString();
        return config.ToJsonString();
    }

    private double? Number(string name) => _call.TryGetProperty(name, out var value) ? value.GetDouble() : null;

    private Picture? Picture(string name) =>
        _record.TryGetProperty(name, out var file)
            ? PictureFile.Read(File.ReadAllBytes(Path.Combine(_folder, file.GetString()!)), new PictureLimits())
            : null;
}
