using System.Text.Encodings.Web;
using System.Text.Json;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Finished pictures as one JSON answer. It is written picture by picture, so that one file is in memory at a time.</summary>
internal sealed class ImageAnswer(IJobStore store, PictureUrls urls, TimeProvider time)
{
    // A reader that takes nothing of a picture for so long is cut off.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // It stands in no page.
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task WriteAsync(ApiCall call, ImageWish wish, string job, ImageNews news)
    {
        // What is known to be gone is told before the answer begins.
        var (url, file) = await PictureAsync(call, wish, job, 0);
        call.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(call.Response.BodyWriter, Json);
        json.WriteStartObject();
        json.WriteNumber("created", time.GetUtcNow().ToUnixTimeSeconds());
        json.WriteStartArray("data");
        for (var i = 0; i < news.Pictures.Count; i++)
        {
            if (i > 0)
                (url, file) = await PictureAsync(call, wish, job, i);
            json.WriteStartObject();
            if (wish.AsUrl)
                json.WriteString("url", url);
            else
                json.WriteBase64String("b64_json", file.Span);
            json.WriteEndObject();
            await FlushAsync(call, json);
        }

        json.WriteEndArray();
        WriteFacts(json, news);
        json.WriteEndObject();
        await FlushAsync(call, json);
    }

    /// <summary>The file of a finished picture.</summary>
    /// <exception cref="ServiceException">It is forgotten already.</exception>
    public async Task<ReadOnlyMemory<byte>> FileAsync(string tenant, string job, int index, CancellationToken cancellation) =>
        await store.ReadResultAsync(tenant, job, index, cancellation)
        ?? throw new ServiceException(ServiceError.NotFound, $"Picture {index} of job {job} is forgotten.");

    private async Task<(string Url, ReadOnlyMemory<byte> File)> PictureAsync(ApiCall call, ImageWish wish, string job, int index) => wish.AsUrl
        ? (await urls.OfAsync(call.Request, job, index, call.Cancellation), default)
        : ("", await FileAsync(call.Caller.Tenant, job, index, call.Cancellation));

    private static void WriteFacts(Utf8JsonWriter json, ImageNews news)
    {
        var chunk = news.Pictures.Count > 0 ? news.Pictures[0].Chunk : new ImageChunk();
        json.WriteString("background", "opaque");
        json.WriteString("output_format", ImageNews.Format(chunk.Format));
        json.WriteString("size", ImageNews.Size(chunk.Width, chunk.Height));
        json.WritePropertyName("usage");
        json.WriteRawValue(ApiJson.Bytes(news.Usage));
        // Beyond OpenAI's: by it the same pictures can be made again.
        json.WriteNumber("seed", news.Job.Seed);
        if (news.Done.Warnings.Count == 0)
            return;
        json.WritePropertyName("warnings");
        json.WriteRawValue(ApiJson.Bytes(news.Done.Warnings));
    }

    private async Task FlushAsync(ApiCall call, Utf8JsonWriter json)
    {
        using var slow = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, call.Cancellation);
        await json.FlushAsync(either.Token);
        await call.Response.BodyWriter.FlushAsync(either.Token);
    }
}
