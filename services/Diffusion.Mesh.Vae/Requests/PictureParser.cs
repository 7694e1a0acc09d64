using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Vae;

/// <summary>Checks pictures by their headers alone, so that one that is refused costs no memory.</summary>
internal sealed class PictureParser(ServiceOptions options)
{
    private readonly PictureLimits _limits = new();

    /// <summary>Checks a picture and adds everything wrong with it to <paramref name="problems"/>.</summary>
    /// <param name="field">The request's name for the picture.</param>
    /// <param name="multiple">What both sides must be a multiple of, with margins.</param>
    /// <returns>Null when something is wrong.</returns>
    public ValidPicture? Parse(PictureInput? input, string field, int multiple, ICollection<FieldProblem> problems)
    {
        var before = problems.Count;
        input ??= new PictureInput();
        var own = Identify(input.Image, $"{field}.image", problems);
        if (!input.Mask.IsEmpty)
            Identify(input.Mask, $"{field}.mask", problems);
        if (!Enum.IsDefined(input.Resize))
            problems.Add(new($"{field}.resize", "It must be STRETCH, CROP or PAD."));
        if (input.Multiple > options.MaxSide)
            problems.Add(new($"{field}.multiple", $"It must be at most {options.MaxSide}, and is {input.Multiple}."));

        var margins = input.Margins ?? new Margins();
        foreach (var (side, length) in new[] { ("left", margins.Left), ("top", margins.Top), ("right", margins.Right), ("bottom", margins.Bottom) })
        {
            if (length > options.MaxSide)
                problems.Add(new($"{field}.margins.{side}", $"It must be at most {options.MaxSide} pixels, and is {length}."));
        }

        var width = Side(input.Width, own?.Width, input.Multiple);
        var height = Side(input.Height, own?.Height, input.Multiple);
        var (fullWidth, fullHeight) = (width + margins.Left + margins.Right, height + margins.Top + margins.Bottom);
        AddWrongSide(fullWidth, $"{field}.width", multiple, problems);
        AddWrongSide(fullHeight, $"{field}.height", multiple, problems);
        if (problems.Count == before && fullWidth * fullHeight > options.MaxPixels)
            problems.Add(new($"{field}.width", $"It would be {fullWidth} x {fullHeight} pixels; at most {options.MaxPixels} in all are taken."));
        return problems.Count > before
            ? null
            : new ValidPicture(
                field,
                input.Image.Memory,
                input.Mask.Memory,
                (int)width!,
                (int)height!,
                Mode(input.Resize),
                input.MaskIsAlpha,
                input.InvertMask,
                new PictureMargins((int)margins.Left, (int)margins.Top, (int)margins.Right, (int)margins.Bottom));
    }

    private (int Width, int Height)? Identify(ByteString file, string field, ICollection<FieldProblem> problems)
    {
        try
        {
            return file.IsEmpty ? throw new PictureException("A picture file is needed.") : PictureFile.Identify(file.Span, _limits);
        }
        catch (PictureException e)
        {
            problems.Add(new(field, e.Message));
            return null;
        }
    }

    // The wished length, else the picture's own, down to a multiple; null where neither is known.
    private static long? Side(uint wished, int? own, uint multiple) => (wished, own, Math.Max(multiple, 1)) switch
    {
        ( > 0, _, _) => wished,
        (_, { } side, var unit) => Math.Max(unit, side / unit * unit),
        _ => null,
    };

    private void AddWrongSide(long? length, string field, int multiple, ICollection<FieldProblem> problems)
    {
        if (length > options.MaxSide)
            problems.Add(new(field, $"It would be {length} pixels with margins; at most {options.MaxSide} are taken."));
        else if (length % multiple != 0 && length is not null)
            problems.Add(new(field, $"It would be {length} pixels with margins, and must be a multiple of {multiple}."));
    }

    private static FitMode Mode(ResizeMode resize) => resize switch
    {
        ResizeMode.Crop => FitMode.Crop,
        ResizeMode.Pad => FitMode.Pad,
        _ => FitMode.Stretch,
    };
}
