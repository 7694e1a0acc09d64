using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Latents to picture files, one picture after the other: as they come, or ranked first.</summary>
internal sealed class Decoding(PictureDecoding pictures, Ranking ranking, ServiceTelemetry telemetry, StageMetrics stages)
{
    public async Task DecodeAsync(Job job, Tensor latents, JobConditioning conditioning, Canvas canvas)
    {
        var candidates = new List<Candidate>();
        for (var index = 0; index < job.Request.Images; index++)
        {
            var picture = index;
            var chunks = await stages.MeasureAsync(TelemetryNames.DecodeSpan, job, () => DecodeAsync(job, latents, canvas, picture));
            if (job.Request.Candidates is null)
                job.Pictures.Add(StoredPicture.Of(index, chunks));
            else
                candidates.Add(new Candidate(
                    index, chunks, await stages.MeasureAsync(TelemetryNames.RankSpan, job, () => ranking.ScoreAsync(job, chunks, conditioning.Pooled))));
        }

        var rank = 0;
        foreach (var best in candidates.OrderByDescending(c => c.Score).ThenBy(c => c.Index).Take(job.Request.Count))
            job.Pictures.Add(StoredPicture.Of(rank++, best.Chunks, best.Score, (uint)best.Index));
    }

    private async Task<List<ImageChunk>> DecodeAsync(Job job, Tensor latents, Canvas canvas, int index)
    {
        using var span = telemetry.Start(TelemetryNames.DecodeSpan);
        span?.SetTag(TelemetryNames.ImageIndex, index);
        var message = new DecodeRequest
        {
            Model = job.Request.Model.Name,
            ModelRevision = job.Request.Model.Revision,
            Latents = LatentRows.Row(latents, index),
            Options = job.Request.ImageOptions.Clone(),
            Composite = job.Request.Source is { Composite: true } ? canvas.Input : null,
        };
        if (!job.Request.OmitMetadata)
            PictureText.Add(job.Request, canvas, index, message.Options.Text);
        return await pictures.DecodeAsync(job, message, job.Cancellation);
    }

    private sealed record Candidate(int Index, List<ImageChunk> Chunks, double Score);
}
