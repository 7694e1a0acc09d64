using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Which call.</summary>
[Flags]
internal enum ImageCall
{
    /// <summary>A picture from words.</summary>
    Generation = 1,

    /// <summary>A picture changed, or a part of it.</summary>
    Edit = 2,

    /// <summary>A picture's content painted anew.</summary>
    Variation = 4,
}

/// <summary>What a call asks for, while its fields are read and afterwards.</summary>
/// <param name="call">Which call.</param>
internal sealed class ImageWish(ImageCall call)
{
    /// <summary>Highest <c>output_compression</c>; what OpenAI's clients say for none.</summary>
    public const int NoCompression = 100;

    /// <summary>Which call.</summary>
    public ImageCall Call => call;

    /// <summary>The job.</summary>
    public GenerateRequest Request { get; } = new() { ImageOptions = new ImageOptions() };

    /// <summary>Whether the client named its request, and comes to the same job when it asks again.</summary>
    public bool CanReturn => Request.RequestId.Length > 0;

    /// <summary>Answers have addresses of pictures instead of the pictures.</summary>
    public bool AsUrl { get; set; }

    /// <summary>The answer is a stream of events.</summary>
    public bool Stream { get; set; }

    /// <summary>Previews that are asked for, 0 to 3.</summary>
    public int PartialImages { get; set; }

    /// <summary>Null: not given.</summary>
    public int? Compression { get; set; }

    /// <summary>The picture to start from.</summary>
    public ByteString? Image { get; set; }

    /// <summary>Transparent where the picture is painted anew.</summary>
    public ByteString? Mask { get; set; }

    /// <summary>Null: not given.</summary>
    public string? Prompt { get; set; }

    /// <summary>Fills in the request, and tells what does not go together.</summary>
    public IEnumerable<FieldProblem> Complete()
    {
        Request.Prompt = Prompt ?? "";
        if (call != ImageCall.Variation && Prompt is null)
            yield return new("prompt", "It is needed.");
        if (call != ImageCall.Generation && Image is null)
            yield return new("image", "It is needed.");
        if (Stream && AsUrl)
            yield return new("response_format", "Streams have b64_json only.");
        if (PartialImages > 0 && !Stream)
            yield return new("partial_images", "It needs stream.");
        else if (PartialImages > 0 && Request.Count > 1)
            yield return new("partial_images", "It must be 0 where n is above 1: partial images do not say which picture they are of.");
        if (Compression is { } level && level != NoCompression && Request.ImageOptions.Format is not (ImageFormat.Jpeg or ImageFormat.Webp))
            yield return new("output_compression", "It is for jpeg and webp.");
        // 0 is the server's default.
        Request.ImageOptions.Quality = Compression is { } quality ? (uint)Math.Max(1, quality) : 0;
        if (call == ImageCall.Edit && Image is not null)
        {
            Request.Source = new PictureInput { Image = Image, Mask = Mask ?? ByteString.Empty, MaskIsAlpha = Mask is not null };
            Request.Composite = Mask is not null;
        }

        if (call == ImageCall.Variation && Image is not null)
            Request.ImagePrompt = new ImagePrompt { Image = Image };
    }

    /// <summary>Asks for so many previews, evenly over the job's model evaluations.</summary>
    public void AskForPreviews(int evaluations)
    {
        if (PartialImages > 0)
            Request.Previews = new PreviewOptions { Every = Math.Max(1, evaluations / (PartialImages + 1)), FullDecode = true };
    }
}
