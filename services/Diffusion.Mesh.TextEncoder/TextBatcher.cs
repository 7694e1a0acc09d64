using System.Threading.Channels;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Workers;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>
/// Encodes what waits in one forward pass: requests that come while a pass runs share the next one. Rows are independent, so an embedding does not depend
/// on who is encoded beside it.
/// </summary>
internal sealed class TextBatcher(ServiceOptions options, ServiceTelemetry telemetry, ExecutionGate gate) : BackgroundService
{
    private const int MaxRows = 16;

    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(options.Capacity * MaxRows) { SingleReader = true });

    /// <summary>Encodes one window of ids.</summary>
    /// <exception cref="ServiceException">Too many wait.</exception>
    public async Task<TextEmbedding> EncodeAsync(TextEncoderModel model, IReadOnlyList<int> ids, CancellationToken cancellation)
    {
        var waiting = new Waiting(model, ids, cancellation);
        if (!_queue.Writer.TryWrite(waiting))
            throw new ServiceException(ServiceError.Full, "The text encoder has as many texts waiting as it takes.");
        return await waiting.Result.Task.WaitAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>();
        while (await _queue.Reader.WaitToReadAsync(stoppingToken))
        {
            Fill(batch);
            foreach (var group in batch.GroupBy(w => (w.Model, w.Ids.Count)))
                await RunAsync(group.Key.Model, [.. group]);
            batch.Clear();
        }
    }

    private void Fill(List<Waiting> batch)
    {
        while (batch.Count < MaxRows && _queue.Reader.TryRead(out var next))
        {
            if (!next.Cancellation.IsCancellationRequested)
                batch.Add(next);
        }
    }

    private async Task RunAsync(TextEncoderModel model, Waiting[] rows)
    {
        try
        {
            var embeddings = await gate.RunAsync(() => Forward(model, rows), CancellationToken.None);
            foreach (var (row, embedding) in rows.Zip(embeddings))
                row.Result.SetResult(embedding);
        }
        catch (Exception e)
        {
            // The callers tell of it; the loop goes on with the next batch.
            foreach (var row in rows)
                row.Result.TrySetException(e);
        }
    }

    private IReadOnlyList<TextEmbedding> Forward(TextEncoderModel model, Waiting[] rows)
    {
        using var span = telemetry.Source.StartActivity(TelemetryNames.ForwardSpan, System.Diagnostics.ActivityKind.Internal, rows[0].Parent);
        span?.SetTag(TelemetryNames.BatchRows, rows.Length);
        return model.Encode([.. rows.Select(r => r.Ids)]);
    }

    private sealed record Waiting(TextEncoderModel Model, IReadOnlyList<int> Ids, CancellationToken Cancellation)
    {
        public TaskCompletionSource<TextEmbedding> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // A shared pass stands in the trace of the first of its callers.
        public System.Diagnostics.ActivityContext Parent { get; } = System.Diagnostics.Activity.Current?.Context ?? default;
    }
}
