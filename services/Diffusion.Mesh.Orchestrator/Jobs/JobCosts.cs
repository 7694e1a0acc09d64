using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What jobs cost, for quotas and fair shares: sampler steps x pixels x pictures.</summary>
internal static class JobCosts
{
    private static readonly PictureLimits Limits = new();

    public static double Of(ValidRequest request)
    {
        var (width, height) = Size(request);
        return (double)request.Schedule.Steps * width * height * request.Images;
    }

    private static (int Width, int Height) Size(ValidRequest request)
    {
        if (request.Source is not { } source || (request.Width > 0 && request.Height > 0))
            return (request.Width, request.Height);
        try
        {
            // A side that is the source's own is known from its file's first bytes.
            var own = PictureFile.Identify(source.Input.Image.Span, Limits);
            return (request.Width > 0 ? request.Width : own.Width, request.Height > 0 ? request.Height : own.Height);
        }
        catch (PictureException)
        {
            // The VAE will refuse it in better words.
            return (request.Model.DefaultSize, request.Model.DefaultSize);
        }
    }
}
