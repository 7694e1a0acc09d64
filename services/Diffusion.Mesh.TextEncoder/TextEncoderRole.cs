using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>The service that reads prompts.</summary>
public sealed class TextEncoderRole : ServiceRole
{
    /// <inheritdoc/>
    public override string Name => "text-encoder";

    /// <inheritdoc/>
    public override string Description => "Turns prompts, and pictures where the model can, into embeddings.";

    /// <inheritdoc/>
    public override int DefaultPort => 7410;

    /// <inheritdoc/>
    public override string SourceName => "Diffusion.Mesh.TextEncoder";

    /// <inheritdoc/>
    public override string GrpcService => V1.TextEncoder.Descriptor.FullName;

    /// <inheritdoc/>
    public override void AddServices(WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Services.AddWorker<EncoderParts>(
            options,
            new WorkerPart("text_encoder", "text_encoder_2", "image_encoder", "image_projection"),
            EncoderParts.Load,
            (_, parts) => parts.Warm());
        builder.Services.AddSingleton<TextBatcher>();
        builder.Services.AddHostedService(s => s.GetRequiredService<TextBatcher>());
        builder.Services.AddSingleton<PromptEncoder>();
        builder.Services.AddSingleton<PictureEncoder>();
    }

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<TextEncoderService>();
        endpoints.MapWorker();
    }
}
