using System.Text;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Writes server-sent events to one reader, one at a time: what a slow reader has not taken, nobody waits for but its own stream.</summary>
/// <param name="gone">Cancelled when the reader leaves.</param>
internal sealed class EventStream(HttpResponse response, TimeProvider time, CancellationToken gone) : IServerStreamWriter<GenerateEvent>, IAsyncDisposable
{
    // A reader that takes nothing for so long is cut off.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the job's first event is written.</summary>
    public Task First => _first.Task;

    /// <summary>Not used: this is no gRPC.</summary>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>Sends the headers, and when to come back after the stream has broken.</summary>
    /// <param name="again">Null: coming back makes no sense.</param>
    public Task BeginAsync(TimeSpan? again)
    {
        response.ContentType = "text/event-stream";
        // Proxies that buffer would keep everything until the end.
        response.Headers["X-Accel-Buffering"] = "no";
        return SendAsync(again is { } pause ? $"retry: {pause.TotalMilliseconds:0}\n\n" : ":\n\n", []);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(GenerateEvent message)
    {
        await SendAsync(message);
        _first.TrySetResult();
    }

    /// <inheritdoc/>
    /// <remarks>Half an event is never left: what comes behind it would be taken for its rest.</remarks>
    public Task WriteAsync(GenerateEvent message, CancellationToken cancellationToken) => WriteAsync(message);

    /// <summary>Writes an event.</summary>
    /// <param name="id">Its number; null: a reader that comes back needs not know of it.</param>
    public Task WriteAsync<T>(string name, ulong? id, T data) =>
        SendAsync(id is null ? $"event: {name}\ndata: " : $"event: {name}\nid: {id}\ndata: ", ApiJson.Bytes(data), "\n\n");

    /// <summary>Writes what readers pass over; so that the connection is used, too.</summary>
    public Task CommentAsync(string text) => SendAsync($": {text}\n\n", []);

    public ValueTask DisposeAsync()
    {
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(GenerateEvent message) => message.EventCase switch
    {
        GenerateEvent.EventOneofCase.Queued => WriteAsync("queued", message.Sequence, message.Queued),
        GenerateEvent.EventOneofCase.Step => WriteAsync("step", message.Sequence, message.Step),
        GenerateEvent.EventOneofCase.Preview => WriteAsync("preview", message.Sequence, message.Preview),
        GenerateEvent.EventOneofCase.Image => WriteAsync("picture", message.Sequence, PictureNews.Of(message)),
        _ => WriteAsync("done", message.Sequence, message.Done),
    };

    private async Task SendAsync(string head, byte[] data, string tail = "")
    {
        using var slow = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, gone);
        await _turn.WaitAsync(either.Token);
        try
        {
            await response.Body.WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. data, .. Encoding.UTF8.GetBytes(tail)], either.Token);
            await response.Body.FlushAsync(either.Token);
        }
        finally
        {
            _turn.Release();
        }
    }
}
