using System.Text.Json;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Vae;

/// <summary>A model's own projection: <c>{"factors": [[r, g, b] for each channel], "bias": [r, g, b]}</c>.</summary>
internal static class LatentRgbFactors
{
    /// <summary>The file, inside the model's folder.</summary>
    public const string Path = "vae_decoder/latent_rgb_factors.json";

    /// <summary>Reads the file; null where the model has none.</summary>
    /// <exception cref="ModelFormatException">The file is broken, or for another number of channels.</exception>
    public static LatentProjection? Read(ModelFacts model)
    {
        var path = System.IO.Path.Combine(model.Folder, Path);
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var factors = document.RootElement.GetProperty("factors").EnumerateArray().Select(Colour).ToArray();
            if (factors.Length != model.LatentChannels)
                throw new FormatException($"{factors.Length} rows of factors do not fit {model.LatentChannels} channels");
            return new LatentProjection(factors, Colour(document.RootElement.GetProperty("bias")));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ModelFormatException(model.Name, Path, $"is broken: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static double[] Colour(JsonElement row)
    {
        double[] colour = [.. row.EnumerateArray().Select(v => v.GetDouble())];
        return colour.Length == 3 && colour.All(double.IsFinite) ? colour : throw new FormatException("a row must be three numbers");
    }
}
