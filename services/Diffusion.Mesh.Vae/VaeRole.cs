using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Vae;

/// <summary>The service that paints pixels.</summary>
public sealed class VaeRole : ServiceRole
{
    /// <inheritdoc/>
    public override string Name => "vae";

    /// <inheritdoc/>
    public override string Description => "Turns latents into picture files, and pictures into latents.";

    /// <inheritdoc/>
    public override int DefaultPort => 7430;

    /// <inheritdoc/>
    public override string SourceName => "Diffusion.Mesh.Vae";

    /// <inheritdoc/>
    public override string GrpcService => V1.Vae.Descriptor.FullName;

    /// <inheritdoc/>
    public override void AddServices(WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Services.AddWorker<VaeParts>(options, new WorkerPart("vae_decoder", "vae_encoder"), VaeParts.Load, (_, parts) => parts.Warm());
        builder.Services.AddSingleton<PictureMetrics>();
        builder.Services.AddSingleton<PictureParser>();
        builder.Services.AddSingleton<DecodeParser>();
        builder.Services.AddSingleton<PictureReader>();
    }

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<VaeService>();
        endpoints.MapWorker();
    }
}
