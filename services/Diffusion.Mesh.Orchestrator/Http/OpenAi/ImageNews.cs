using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a client is told of its job in the end; the pictures' files stay in the store until then.</summary>
internal sealed class ImageNews : JobNews
{
    /// <summary>Facts of the finished pictures.</summary>
    public List<Image> Pictures { get; } = [];

    /// <summary>What the job took.</summary>
    public OpenAiUsage Usage => OpenAiUsage.Of(Done.PromptTokens);

    /// <summary>A picture's sides as OpenAI writes them.</summary>
    public static string Size(uint width, uint height) => width > 0 && height > 0 ? $"{width}x{height}" : "auto";

    /// <summary>A format as OpenAI writes it.</summary>
    public static string Format(ImageFormat format) => MessageFields.Name(ImageChunk.Descriptor.FindFieldByName("format").EnumType, (int)format);

    /// <inheritdoc/>
    protected override void Hear(GenerateEvent message)
    {
        if (message.EventCase == GenerateEvent.EventOneofCase.Image)
            Pictures.Add(message.Image);
    }
}
