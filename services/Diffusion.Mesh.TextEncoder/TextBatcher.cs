using System.Threading.Channels;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Workers;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>
/// Encodes what waits in one forward pass: requests that come while a pass runs share the next one. An embedding does not depend on who is
/// encoded beside it, to the bit.
/// </summary>
/// <remarks>
/// Found with ONNX Runtime 1.29 on a CPU with AVX-512: a row's bits are equal in batches of 1 to 16 for every model of the tests, and for matrix
/// products of a real encoder's size (77 rows of 768 or 3072) with 1 to 32 threads; a batch needs no padding. A GPU's libraries pick their kernels
/// by shape and promise no such thing, so there each window gets a pass of its own.
/// </remarks>
internal sealed class TextBatcher(ServiceOptions options, ServiceTelemetry telemetry, ExecutionGate gate) : BackgroundService
{
    private readonly int _maxRows = options.Provider == "cpu" ? 16 : 1;

    // Room for all that can be admitted.
    private readonly Channel<Waiting> _queue = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(options.Capacity * EncodeTextParser.MaxPasses) { SingleReader = true });

    /// <summary>Encodes one window of ids.</summary>
    /// <param name="hiddenState">Which hidden state is wanted; null: the encoder's own output.</param>
    /// <exception cref="ServiceException">Too many wait.</exception>
    public async Task<TextEmbedding> EncodeAsync(
        TextEncoderModel model, IReadOnlyList<int> ids, int? hiddenState, CancellationToken cancellation)
    {
        var waiting = new Waiting(new Pass(model, ids.Count, hiddenState), ids, cancellation);
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
            foreach (var group in batch.GroupBy(w => w.Pass))
                await RunAsync(group.Key, [.. group]);
            batch.Clear();
        }
    }

    private void Fill(List<Waiting> batch)
    {
        while (batch.Count < _maxRows && _queue.Reader.TryRead(out var next))
        {
            if (!next.Cancellation.IsCancellationRequested)
                batch.Add(next);
        }
    }

    private async Task RunAsync(Pass pass, Waiting[] rows)
    {
        try
        {
            var embeddings = await gate.RunAsync(() => Forward(pass, rows), CancellationToken.None);
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

    private IReadOnlyList<TextEmbedding> Forward(Pass pass, Waiting[] rows)
    {
        using var span = telemetry.StartShared(TelemetryNames.ForwardSpan, [.. rows.Select(r => r.Parent).Distinct()]);
        span?.SetTag(TelemetryNames.BatchRows, rows.Length);
        return pass.Model.Encode([.. rows.Select(r => r.Ids)], pass.HiddenState);
    }

    // What windows must have in common to go together.
    private sealed record Pass(TextEncoderModel Model, int Length, int? HiddenState);

    private sealed record Waiting(Pass Pass, IReadOnlyList<int> Ids, CancellationToken Cancellation)
    {
        public TaskCompletionSource<TextEmbedding> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public System.Diagnostics.ActivityContext Parent { get; } = System.Diagnostics.Activity.Current?.Context ?? default;
    }
}
