using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Vae;

/// <summary>A decode request that was checked.</summary>
/// <param name="Latents">float32 [1, channels, height, width].</param>
/// <param name="QuickLook">One pixel per latent. Never for a model without a VAE: there a decode is no more work.</param>
/// <param name="Composite">Whose pixels stay where its mask is black; of the result's size. Null: none do.</param>
/// <param name="Quality">1 to 100.</param>
/// <param name="Text">For the text chunks of a PNG.</param>
internal sealed record ValidDecode(
    TensorData Latents,
    bool QuickLook,
    ValidPicture? Composite,
    PictureFormat Format,
    ImageFormat WireFormat,
    int Quality,
    IReadOnlyCollection<KeyValuePair<string, string>> Text);

/// <summary>Parses a decode request and reports everything wrong at once.</summary>
internal sealed class DecodeParser(PictureParser pictures)
{
    private const int DefaultQuality = 90;
    private const string Composite = "composite";

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public ValidDecode Parse(DecodeRequest request, ModelFacts model)
    {
        var problems = new List<FieldProblem>();
        var latents = Latents(request, model, problems);
        var isQuickLook = request.QuickLook && model.Vae is not null;
        var composite = request.Composite is null ? null : pictures.Parse(request.Composite, Composite, 1, problems);
        if (composite is not null)
            problems.AddRange(Misfits(composite, latents, isQuickLook ? 1 : model.Scale));
        var options = request.Options ?? new ImageOptions();
        problems.AddRange(ImageOptionsCheck.Problems(options, "options"));
        if (problems.Count > 0)
            throw RichErrors.BadRequest(problems);

        var wire = options.Format == ImageFormat.Unspecified ? ImageFormat.Png : options.Format;
        var format = wire switch
        {
            ImageFormat.Jpeg => PictureFormat.Jpeg,
            ImageFormat.Webp => PictureFormat.Webp,
            _ => PictureFormat.Png,
        };
        var quality = options.Quality == 0 ? DefaultQuality : (int)options.Quality;
        return new ValidDecode(latents!, isQuickLook, composite, format, wire, quality, options.Text);
    }

    private static TensorData? Latents(DecodeRequest request, ModelFacts model, List<FieldProblem> problems)
    {
        var latents = TensorMessages.Read(request.Latents, out var problem);
        if (latents is null)
            problems.Add(new("latents", problem!));
        else if (latents.Type != ElementType.Float32 || latents.Shape.Count != 4 || latents.Shape[0] != 1 || latents.Shape[1] != model.LatentChannels)
            problems.Add(new("latents", $"It must be float32 [1, {model.LatentChannels}, height, width]."));
        else
            return latents;
        return null;
    }

    private static IEnumerable<FieldProblem> Misfits(ValidPicture composite, TensorData? latents, int scale)
    {
        if (!composite.HasMask)
            yield return new($"{Composite}.mask", "A mask or margins are needed; without them every pixel would be kept.");
        if (latents is not null && (composite.FullWidth, composite.FullHeight) != (latents.Shape[3] * scale, latents.Shape[2] * scale))
        {
            yield return new(
                Composite,
                $"It is {composite.FullWidth} x {composite.FullHeight} pixels, and the result {latents.Shape[3] * scale} x {latents.Shape[2] * scale}.");
        }
    }
}
