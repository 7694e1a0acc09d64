using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Listens to a job for an answer that is given at its end.</summary>
internal abstract class JobNews : IServerStreamWriter<GenerateEvent>
{
    /// <summary>Not used: this is no gRPC.</summary>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>The job as the server understood it.</summary>
    public Queued Job { get; private set; } = new();

    /// <summary>How it ended.</summary>
    public Done Done { get; private set; } = new();

    /// <inheritdoc/>
    public Task WriteAsync(GenerateEvent message)
    {
        switch (message.EventCase)
        {
            case GenerateEvent.EventOneofCase.Queued:
                Job = message.Queued;
                break;
            case GenerateEvent.EventOneofCase.Done:
                Done = message.Done;
                break;
            default:
                Hear(message);
                break;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteAsync(GenerateEvent message, CancellationToken cancellationToken) => WriteAsync(message);

    /// <summary>What happens between its beginning and its end.</summary>
    protected abstract void Hear(GenerateEvent message);
}
