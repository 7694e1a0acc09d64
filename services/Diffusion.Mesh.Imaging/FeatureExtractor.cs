using System.Text.Json;

namespace Diffusion.Mesh.Imaging;

/// <summary>CLIP's image preprocessing, as a model's <c>preprocessor_config.json</c> has it.</summary>
/// <param name="ShortestEdge">Pixels that the shorter side is resized to.</param>
/// <param name="Crop">Pixels of the square cut from the centre.</param>
/// <param name="Mean">Subtracted per channel.</param>
/// <param name="Deviation">Divided by per channel.</param>
public sealed record FeatureExtractor(int ShortestEdge, int Crop, float[] Mean, float[] Deviation)
{
    /// <summary>Reads the configuration.</summary>
    /// <exception cref="JsonException">The text is no JSON, or a field is missing or of another kind.</exception>
    public static FeatureExtractor Parse(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        try
        {
            return new FeatureExtractor(
                Length(root.GetProperty("size"), "shortest_edge"),
                Length(root.GetProperty("crop_size"), "height"),
                Floats(root, "image_mean"),
                Floats(root, "image_std"));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("size, crop_size, image_mean and image_std are needed.", e);
        }
    }

    /// <summary>Resizes, crops and normalises.</summary>
    /// <returns>float32 [3, crop, crop].</returns>
    public float[] Apply(Picture picture)
    {
        var shorter = Math.Min(picture.Width, picture.Height);
        var resized = BicubicResize.Resize(
            picture,
            picture.Width == shorter ? ShortestEdge : (int)((long)ShortestEdge * picture.Width / shorter),
            picture.Height == shorter ? ShortestEdge : (int)((long)ShortestEdge * picture.Height / shorter));
        var (left, top) = ((resized.Width - Crop) / 2, (resized.Height - Crop) / 2);
        var pixels = new float[3 * Crop * Crop];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var y = 0; y < Crop; y++)
            {
                for (var x = 0; x < Crop; x++)
                {
                    var value = resized.Rgb[3 * ((top + y) * resized.Width + left + x) + channel];
                    pixels[(channel * Crop + y) * Crop + x] = (value / 255f - Mean[channel]) / Deviation[channel];
                }
            }
        }

        return pixels;
    }

    // Older files have a plain number.
    private static int Length(JsonElement size, string field) =>
        size.ValueKind == JsonValueKind.Number ? size.GetInt32() : size.GetProperty(field).GetInt32();

    private static float[] Floats(JsonElement root, string field) => [.. root.GetProperty(field).EnumerateArray().Select(v => v.GetSingle())];
}
