using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>A picture that was checked and read.</summary>
/// <param name="Mix">Text to mix in; null: none.</param>
internal sealed record ValidImage(Picture Picture, ValidMix? Mix);

/// <summary>Text to mix into a picture's conditioning.</summary>
/// <param name="Share">The text's, above 0 to 1.</param>
internal sealed record ValidMix(string Text, double Share);

/// <summary>Parses a request to encode a picture, and reports everything wrong at once.</summary>
internal static class EncodeImageParser
{
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public static ValidImage Parse(EncodeImageRequest request)
    {
        var problems = new List<FieldProblem>();
        var share = request.TextWeight;
        if (!(share is >= 0 and <= 1))
            problems.Add(new("text_weight", $"It must be 0 to 1, and is {share}."));
        else if (share > 0 && request.Text.Length == 0)
            problems.Add(new("text_weight", $"It is {share}, and there is no text."));
        if (request.Text.Length > EncodeTextParser.MaxTextLength)
            problems.Add(new("text", $"A text must have at most {EncodeTextParser.MaxTextLength} characters."));
        var picture = Read(request, problems);
        return problems.Count == 0
            ? new ValidImage(picture!, share > 0 ? new ValidMix(request.Text, share) : null)
            : throw RichErrors.BadRequest(problems);
    }

    private static Picture? Read(EncodeImageRequest request, List<FieldProblem> problems)
    {
        try
        {
            return PictureFile.Read(request.Image.Span, new PictureLimits());
        }
        catch (PictureException e)
        {
            problems.Add(new("image", e.Message));
            return null;
        }
    }
}
