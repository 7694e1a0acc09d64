using System.Threading.Channels;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Makes previews beside the denoising, which never waits for them: of those offered meanwhile the latest wins, and one that fails is no failure of the job.
/// </summary>
internal sealed class Previewing : IAsyncDisposable
{
    // Clients take messages of 4 MiB by default.
    private const ulong MaxBytes = 3 << 20;

    private readonly Channel<DenoisePreview> _offered = Channel.CreateBounded<DenoisePreview>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly CancellationTokenSource _stop;
    private readonly Action _first;
    private readonly Task _loop;
    private bool _hasTold;

    /// <param name="first">Called when the client is told of the job's first preview.</param>
    public Previewing(Job job, PictureDecoding pictures, Action first)
    {
        _first = first;
        // An owner before may have told of some.
        _hasTold = job.Checkpoint is not null;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(job.Cancellation);
        _loop = job.Request.Previews is { } options ? RunAsync(job, pictures, options, _stop.Token) : Task.CompletedTask;
    }

    /// <summary>Takes what the worker predicts.</summary>
    public void Offer(DenoisePreview preview) => _offered.Writer.TryWrite(preview);

    /// <summary>Makes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(Job job, PictureDecoding pictures, PreviewOptions options, CancellationToken stop)
    {
        await foreach (var preview in _offered.Reader.ReadAllAsync(stop))
        {
            for (var index = 0; index < job.Request.Images; index++)
            {
                try
                {
                    await SendAsync(job, pictures, options, preview, index, stop);
                }
                catch (Exception e) when (e is RpcException or Hosting.ServiceException && !stop.IsCancellationRequested)
                {
                    // The next one may succeed.
                }
            }
        }
    }

    private async Task SendAsync(
        Job job, PictureDecoding pictures, PreviewOptions options, DenoisePreview preview, int index, CancellationToken stop)
    {
        var message = new DecodeRequest
        {
            Model = job.Request.Model.Name,
            ModelRevision = job.Request.Model.Revision,
            Latents = LatentRows.Row(preview.Latents, index),
            QuickLook = !options.FullDecode,
        };
        var chunks = await pictures.DecodeAsync(job, message, stop);
        if (chunks[0].TotalBytes > MaxBytes)
            return;
        job.Outbox.Tell(new GenerateEvent
        {
            Preview = new Preview
            {
                Index = (uint)index,
                Completed = preview.Completed,
                Data = ByteString.CopyFrom([.. chunks.SelectMany(c => c.Data)]),
                Format = chunks[0].Format,
            },
        });
        if (!_hasTold)
            _first();
        _hasTold = true;
    }
}
