using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Vae;

/// <summary>A decode request that was checked.</summary>
/// <param name="Latents">float32 [1, channels, height, width].</param>
/// <param name="Quality">1 to 100.</param>
/// <param name="Text">For the text chunks of a PNG.</param>
internal sealed record ValidDecode(
    TensorData Latents, PictureFormat Format, ImageFormat WireFormat, int Quality, IReadOnlyCollection<KeyValuePair<string, string>> Text);

/// <summary>Parses a decode request and reports everything wrong at once.</summary>
internal static class DecodeParser
{
    private const int DefaultQuality = 90;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public static ValidDecode Parse(DecodeRequest request, ModelFacts model)
    {
        var problems = new List<FieldProblem>();
        var latents = TensorMessages.Read(request.Latents, out var problem);
        if (latents is null)
            problems.Add(new("latents", problem!));
        else if (latents.Type != ElementType.Float32 || latents.Shape.Count != 4 || latents.Shape[0] != 1 || latents.Shape[1] != model.LatentChannels)
            problems.Add(new("latents", $"It must be float32 [1, {model.LatentChannels}, height, width]."));
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
        return new ValidDecode(latents!, format, wire, options.Quality == 0 ? DefaultQuality : (int)options.Quality, options.Text);
    }
}
