using System.Text.Json;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The pictures of <c>img2img</c>.</summary>
internal static class WebUiSource
{
    private const string DataUrl = "data:";

    /// <summary>Fills in what the request says.</summary>
    /// <param name="strength">Where it says nothing of it.</param>
    public static void Read(WebUiValues values, GenerateRequest request, double strength)
    {
        request.Source = new PictureInput { Resize = Resize(values) };
        request.Strength = values.Get<double>("denoising_strength") ?? strength;
        if (FirstOf(values) is { } image)
            request.Source.Image = Bytes(values, "init_images", image);
        if (values.Text("mask") is not { } mask)
            return;
        request.Source.Mask = Bytes(values, "mask", mask);
        request.Source.InvertMask = values.Get<bool>("inpainting_mask_invert") ?? false;
        // What is not painted anew is the picture's own, to the pixel.
        request.Composite = request.Source.Mask.Length > 0;
    }

    private static string? FirstOf(WebUiValues values)
    {
        JsonElement[] images = values.Get<JsonElement>("init_images") is { } list ? [.. list.EnumerateArray()] : [];
        var image = images is [var only] ? ScalarReader.Text(only) : null;
        if (image is null)
            values.Report("init_images", "It must be a list of one picture, as a text.");
        return image;
    }

    private static ResizeMode Resize(WebUiValues values)
    {
        switch (values.Get<long>("resize_mode"))
        {
            case null or 0:
                return ResizeMode.Stretch;
            case 1:
                return ResizeMode.Crop;
            case 2:
                return ResizeMode.Pad;
            default:
                values.Report("resize_mode", "It must be 0, 1 or 2.");
                return ResizeMode.Stretch;
        }
    }

    private static ByteString Bytes(WebUiValues values, string field, string text)
    {
        // Nothing is fetched for a client: who knows from where.
        if (text.StartsWith(DataUrl, StringComparison.OrdinalIgnoreCase))
            text = text[(text.IndexOf(',') + 1)..];
        var bytes = new byte[text.Length / 4 * 3 + 3];
        if (Convert.TryFromBase64String(text, bytes, out var written) && written > 0)
            return UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(0, written));
        values.Report(field, "It must be a picture file in base64, or as a data: URL.");
        return ByteString.Empty;
    }
}
