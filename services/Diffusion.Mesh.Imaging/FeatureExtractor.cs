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
            var (edge, crop) = (Length(root.GetProperty("size"), "shortest_edge"), Length(root.GetProperty("crop_size"), "height"));
            return crop > 0 && crop <= edge
                ? new FeatureExtractor(edge, crop, Floats(root, "image_mean"), Floats(root, "image_std"))
                : throw new JsonException("crop_size must be 1 to size.");
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
        var (width, height) = (Side(picture.Width, shorter), Side(picture.Height, shorter));
        var square = PillowResize.Resize(
            picture, ResampleFilter.Bicubic, width, height, new PixelArea((width - Crop) / 2, (height - Crop) / 2, Crop, Crop));
        var pixels = new float[3 * Crop * Crop];
        for (var channel = 0; channel < 3; channel++)
        {
            for (var i = 0; i < Crop * Crop; i++)
                pixels[channel * Crop * Crop + i] = (square.Rgb[3 * i + channel] / 255f - Mean[channel]) / Deviation[channel];
        }

        return pixels;
    }

    private int Side(int side, int shorter) => side == shorter ? ShortestEdge : checked((int)((long)ShortestEdge * side / shorter));

    // Older files have a plain number.
    private static int Length(JsonElement size, string field) =>
        size.ValueKind == JsonValueKind.Number ? size.GetInt32() : size.GetProperty(field).GetInt32();

    private static float[] Floats(JsonElement root, string field) => [.. root.GetProperty(field).EnumerateArray().Select(v => v.GetSingle())];
}
