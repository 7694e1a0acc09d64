using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A finished picture, which is at its address.</summary>
/// <param name="Format">For example <c>png</c>.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Score">With candidates: see the contract.</param>
/// <param name="Candidate">Likewise.</param>
internal sealed record PictureNews(uint Index, string Format, uint Width, uint Height, ulong Bytes, double? Score, uint? Candidate, string Url)
{
    public static PictureNews Of(GenerateEvent news)
    {
        var (image, chunk) = (news.Image, news.Image.Chunk);
        var formats = ImageChunk.Descriptor.FindFieldByName("format").EnumType;
        return new PictureNews(
            image.Index,
            MessageFields.Name(formats, (int)chunk.Format),
            chunk.Width,
            chunk.Height,
            chunk.TotalBytes,
            image.HasScore ? image.Score : null,
            image.HasCandidate ? image.Candidate : null,
            $"/api/jobs/{news.JobId}/pictures/{image.Index}");
    }
}
