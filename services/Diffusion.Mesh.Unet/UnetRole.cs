using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Workers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Unet;

/// <summary>The service that removes noise.</summary>
public sealed class UnetRole : ServiceRole
{
    /// <inheritdoc/>
    public override string Name => "unet";

    /// <inheritdoc/>
    public override string Description => "Turns noise into latents: runs the sampler loop beside the UNet.";

    /// <inheritdoc/>
    public override int DefaultPort => 7420;

    /// <inheritdoc/>
    public override string SourceName => "Diffusion.Mesh.Unet";

    /// <inheritdoc/>
    public override string GrpcService => V1.Unet.Descriptor.FullName;

    /// <inheritdoc/>
    public override void AddServices(WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Services.AddWorker<UnetModel>(options, new WorkerPart("unet"), UnetModel.Load, StepEngine.Warm);
        builder.Services.AddSingleton<DenoiseJobParser>();
        builder.Services.AddSingleton<PassMetrics>();
        builder.Services.AddSingleton<IHostMetrics>(s => s.GetRequiredService<PassMetrics>());
        builder.Services.AddSingleton<IHostMetrics, EngineGauges>();
        builder.Services.AddSingleton<StepEngine>();
        builder.Services.AddSingleton<IWorkerLoad, UnetLoad>();
        builder.Services.AddSingleton<RunningJobs>();
    }

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<DenoiseService>();
        endpoints.MapWorker();
    }
}
