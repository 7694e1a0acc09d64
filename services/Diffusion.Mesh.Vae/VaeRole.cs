using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

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
    public override void AddServices(WebApplicationBuilder builder, ServiceOptions options) =>
        builder.Services.AddWorker<VaeModel>(options, VaeModel.Load, Warm);

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<VaeService>();

    // One small picture: buffers for the real size come with the first real one.
    private static void Warm(ModelFacts model, VaeModel vae)
    {
        var side = model.SizeMultiple / model.Scale;
        int[] shape = [1, model.LatentChannels, side, side];
        vae.Decode(TensorData.From(new float[model.LatentChannels * side * side], shape));
    }
}
