using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>Requests to the default model, without metadata, so that equal pictures are equal files.</summary>
internal static class Wishes
{
    public const string Circle = "a large red circle on a white background";

    public static GenerateRequest Of(string prompt, ulong seed = 1, int steps = 20, double guidance = 4) => new()
    {
        Model = "shapes",
        Prompt = prompt,
        Seed = seed,
        GuidanceScale = guidance,
        Schedule = new Schedule { Steps = steps },
        OmitMetadata = true,
    };

    public static GenerateRequest With(this GenerateRequest request, Action<GenerateRequest> change)
    {
        var changed = request.Clone();
        change(changed);
        return changed;
    }

    public static ByteString Png(Picture picture) => ByteString.CopyFrom(PictureFile.Write(picture, PictureFormat.Png, 90, []));

    /// <summary>A mask that is white where a column is to be painted anew.</summary>
    public static ByteString Mask(int width, int height, Func<int, bool> isNew) =>
        Png(new Picture(width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i => isNew(i / 3 % width) ? (byte)255 : (byte)0)]));
}
