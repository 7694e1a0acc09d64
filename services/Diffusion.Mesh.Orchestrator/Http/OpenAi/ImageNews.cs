using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a client is told of its job in the end; the pictures' files stay in the store until then.</summary>
internal sealed class ImageNews : IServerStreamWriter<GenerateEvent>
{
    /// <summary>Not used: this is no gRPC.</summary>
    public WriteOptions? WriteOptions { get; set; }

    /// <summary>The job as the server understood it.</summary>
    public Queued Job { get; private set; } = new();

    /// <summary>Facts of the finished pictures.</summary>
    public List<Image> Pictures { get; } = [];

    /// <summary>The end.</summary>
    public Done Done { get; private set; } = new();

    /// <summary>What the job took.</summary>
    public OpenAiUsage Usage => OpenAiUsage.Of(Done.PromptTokens);

    /// <summary>A picture's sides as OpenAI writes them.</summary>
    public static string Size(uint width, uint height) => width > 0 && height > 0 ? $"{width}x{height}" : "auto";

    /// <summary>A format as OpenAI writes it.</summary>
    public static string Format(ImageFormat format) => MessageFields.Name(ImageChunk.Descriptor.FindFieldByName("format").EnumType, (int)format);

    /// <inheritdoc/>
    public Task WriteAsync(GenerateEvent message)
    {
        switch (message.EventCase)
        {
            case GenerateEvent.EventOneofCase.Queued:
                Job = message.Queued;
                break;
            case GenerateEvent.EventOneofCase.Image:
                Pictures.Add(message.Image);
                break;
            case GenerateEvent.EventOneofCase.Done:
                Done = message.Done;
                break;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WriteAsync(GenerateEvent message, CancellationToken cancellationToken) => WriteAsync(message);
}
