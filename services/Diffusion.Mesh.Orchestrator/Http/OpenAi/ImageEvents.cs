using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Writes a job's events in OpenAI's form.</summary>
/// <param name="gone">Cancelled here when the client takes nothing any more.</param>
internal sealed class ImageEvents(EventStream stream, ImageWish wish, CancellationTokenSource gone, TimeProvider time) : IServerStreamWriter<GenerateEvent>
{
    private readonly string _kind = wish.Call == ImageCall.Edit ? "image_edit" : "image_generation";
    private int _partials;

    /// <summary>Not used: this is no gRPC.</summary>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>What was told so far.</summary>
    public ImageNews News { get; } = new();

    /// <inheritdoc/>
    public async Task WriteAsync(GenerateEvent message)
    {
        await News.WriteAsync(message);
        if (message.EventCase == GenerateEvent.EventOneofCase.Queued)
            await TryAsync(() => stream.BeginAsync(again: null));
        else if (message.EventCase == GenerateEvent.EventOneofCase.Preview && _partials < wish.PartialImages)
            await PartAsync(message.Preview);
    }

    /// <inheritdoc/>
    /// <remarks>Half an event is never left: what comes behind it would be taken for its rest.</remarks>
    public Task WriteAsync(GenerateEvent message, CancellationToken cancellationToken) => WriteAsync(message);

    /// <summary>A picture is finished.</summary>
    public Task CompleteAsync(Image picture, ReadOnlyMemory<byte> file) => SendAsync(new OpenAiImageEvent(
        $"{_kind}.completed",
        file,
        PartialImageIndex: null,
        time.GetUtcNow().ToUnixTimeSeconds(),
        ImageNews.Size(picture.Chunk.Width, picture.Chunk.Height),
        ImageNews.Format(picture.Chunk.Format),
        News.Usage));

    /// <summary>The job has failed.</summary>
    public Task FailAsync(ApiProblem problem) => TryAsync(() => stream.WriteAsync("error", null, OpenAiErrors.Event(problem)));

    private Task PartAsync(Preview preview) => SendAsync(new OpenAiImageEvent(
        $"{_kind}.partial_image",
        preview.Data.Memory,
        _partials++,
        time.GetUtcNow().ToUnixTimeSeconds(),
        ImageNews.Size(News.Job.Width, News.Job.Height),
        ImageNews.Format(preview.Format),
        Usage: null));

    private Task SendAsync(OpenAiImageEvent picture) => TryAsync(() => stream.WriteAsync(picture.Type, null, picture));

    private async Task TryAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch
        {
            await gone.CancelAsync();
            throw;
        }
    }
}
