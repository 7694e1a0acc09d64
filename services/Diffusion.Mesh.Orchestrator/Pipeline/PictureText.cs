using System.Globalization;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The settings of a picture, for its file's text chunks: enough to make it again.</summary>
internal static class PictureText
{
    public static void Add(ValidRequest request, Canvas canvas, int index, IDictionary<string, string> text)
    {
        Set("Software", "Diffusion Mesh");
        Set("prompt", request.Prompt);
        if (request.NegativePrompt.Length > 0)
            Set("negative_prompt", request.NegativePrompt);
        Set("model", request.Model.Name);
        Set("model_revision", request.Model.Revision);
        Set("seed", request.Seed.ToString(CultureInfo.InvariantCulture));
        Set("steps", request.Schedule.Steps.ToString(CultureInfo.InvariantCulture));
        Set("sampler", request.Sampler.Name);
        Set("guidance_scale", request.Guidance.Scale.ToString(CultureInfo.InvariantCulture));
        Set("size", $"{canvas.Width}x{canvas.Height}");
        if (request.Images > 1)
            Set("image", $"{index + 1} of {request.Images}");
        if (request.Source is { } source)
            Set("strength", source.Strength.ToString(CultureInfo.InvariantCulture));

        // What the client chose to write stays.
        void Set(string key, string value) => text.TryAdd(key, value);
    }
}
