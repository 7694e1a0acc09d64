using System.Text.Json;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Tests;

/// <summary>The arguments of a diffusers pipeline in the words of a request.</summary>
internal static class GoldenArguments
{
    private static readonly Dictionary<string, Action<GenerateRequest, JsonElement>> _fields = new()
    {
        ["prompt"] = (request, value) => request.Prompt = value.GetString(),
        ["negative_prompt"] = (request, value) => request.NegativePrompt = value.GetString(),
        ["seed"] = (request, value) => request.Seed = value.GetUInt64(),
        ["num_inference_steps"] = (request, value) => request.Schedule.Steps = value.GetInt32(),
        ["guidance_scale"] = (request, value) => request.GuidanceScale = value.GetDouble(),
        ["guidance_rescale"] = (request, value) => request.GuidanceRescale = value.GetDouble(),
        ["height"] = (request, value) => request.Height = value.GetInt32(),
        ["width"] = (request, value) => request.Width = value.GetInt32(),
        ["num_images_per_prompt"] = (request, value) => request.Count = value.GetInt32(),
        ["strength"] = (request, value) => request.Strength = value.GetDouble(),
        ["eta"] = (request, value) => request.Sampler.Eta = value.GetDouble(),
        ["clip_skip"] = (request, value) => request.TextOptions = new TextOptions { ClipSkip = value.GetInt32() },
    };

    /// <summary>Puts every argument of the call into the request; one that is not known is an error, or its picture would be another.</summary>
    public static void Apply(JsonElement call, GenerateRequest request)
    {
        foreach (var argument in call.EnumerateObject())
        {
            Assert.True(_fields.TryGetValue(argument.Name, out var apply), $"No field of a request is known for the call's argument '{argument.Name}'.");
            // Python's None: the argument's default.
            if (argument.Value.ValueKind != JsonValueKind.Null)
                apply(request, argument.Value);
        }
    }
}
