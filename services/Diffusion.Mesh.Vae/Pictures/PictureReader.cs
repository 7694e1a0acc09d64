using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Vae;

/// <summary>
/// Decodes picture files and brings them to size, one at a time: the largest allowed takes hundreds of megabytes until it is. Forward passes go on meanwhile.
/// </summary>
internal sealed class PictureReader(ServiceTelemetry telemetry, TimeProvider time) : IDisposable
{
    private readonly PictureLimits _limits = new();
    private readonly ExecutionGate _gate = new(time);

    /// <summary>Reads a picture and its mask.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every file that is truncated or broken.</exception>
    public Task<SourcePicture> ReadAsync(ValidPicture picture, CancellationToken cancellation) => _gate.RunAsync(() => Read(picture), cancellation);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private SourcePicture Read(ValidPicture valid)
    {
        using var span = telemetry.Start(TelemetryNames.PictureSpan);
        var problems = new List<FieldProblem>();
        var picture = Fit(valid, valid.Image, PictureFile.Read, $"{valid.Field}.image", problems);
        var mask = valid.Mask.IsEmpty ? null : Fit(valid, valid.Mask, valid.MaskIsAlpha ? PictureFile.ReadTransparency : PictureFile.Read, $"{valid.Field}.mask", problems);
        if (problems.Count > 0)
            throw RichErrors.BadRequest(problems);
        return new SourcePicture(valid.Margins.AddTo(picture!), valid.HasMask ? Mask(valid, mask) : null);
    }

    private static PictureMask Mask(ValidPicture valid, Picture? mask) =>
        (mask is null ? PictureMask.Empty(valid.Width, valid.Height) : PictureMask.FromPicture(mask, valid.InvertMask)).WithMargins(valid.Margins);

    private Picture? Fit(
        ValidPicture valid, ReadOnlyMemory<byte> file, Func<ReadOnlySpan<byte>, PictureLimits, Picture> read, string field, List<FieldProblem> problems)
    {
        try
        {
            return PictureFit.Fit(read(file.Span, _limits), valid.Width, valid.Height, valid.Mode);
        }
        catch (PictureException e)
        {
            problems.Add(new(field, e.Message));
            return null;
        }
    }
}
