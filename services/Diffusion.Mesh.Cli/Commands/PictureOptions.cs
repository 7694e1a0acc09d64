using System.CommandLine;
using System.Globalization;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Cli;

/// <summary>Pictures that a picture is made from.</summary>
internal static class PictureOptions
{
    public static IEnumerable<RequestOption> All() =>
    [
        RequestOption.Of(
            Parsed.Value<ByteString?>("--source", "Image-to-image: the picture file to start from.", ReadFile), (r, v) => Source(r).Image = v!),
        RequestOption.Of(
            Parsed.Value<ByteString?>("--mask", "Inpainting: a picture file, white where the source is painted anew.", ReadFile), (r, v) => Source(r).Mask = v!),
        RequestOption.Of(
            new Option<bool>("--invert-mask") { Description = "Paint anew where the mask is black instead." }, (r, v) => Source(r).InvertMask = v),
        RequestOption.Of(
            Parsed.Value<Margins?>("--extend", "Outpainting: LEFT,TOP,RIGHT,BOTTOM pixels to add to the source.", ParseMargins),
            (r, v) => Source(r).Margins = v!),
        RequestOption.Of(
            Parsed.Name<ResizeMode>("--resize", "How the source is brought to size: stretch, crop or pad."), (r, v) => Source(r).Resize = v!.Value),
        RequestOption.Of(
            Parsed.Number<double>("--strength", "How much of the source is changed, above 0 to 1."), (r, v) => r.Strength = v!.Value),
        RequestOption.Of(
            new Option<bool>("--composite") { Description = "Keep the source's own pixels where the mask is black." }, (r, v) => r.Composite = v),
        RequestOption.Of(
            Parsed.Value<ByteString?>("--like", "Image variation: a picture file whose content is painted anew.", ReadFile), (r, v) => Prompt(r).Image = v!),
        RequestOption.Of(
            Parsed.Number<double>("--text-weight", "With --like: the prompt's share, 0 to 1."), (r, v) => Prompt(r).TextWeight = v!.Value),
    ];

    private static PictureInput Source(GenerateRequest request) => request.Source ??= new PictureInput();

    private static ImagePrompt Prompt(GenerateRequest request) => request.ImagePrompt ??= new ImagePrompt();

    private static ByteString ReadFile(string path)
    {
        try
        {
            return ByteString.CopyFrom(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(e.Message.TrimEnd('.'), e);
        }
    }

    private static Margins ParseMargins(string text)
    {
        uint[] sides = [.. text.Split(',').Select(s => uint.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var side)
            ? side
            : throw new FormatException($"'{text}' are no margins; LEFT,TOP,RIGHT,BOTTOM is expected, for example 0,0,64,0"))];
        return sides.Length == 4
            ? new Margins { Left = sides[0], Top = sides[1], Right = sides[2], Bottom = sides[3] }
            : throw new FormatException($"'{text}' are {sides.Length} margins; LEFT,TOP,RIGHT,BOTTOM is expected");
    }
}
