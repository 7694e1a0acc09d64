using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
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
        builder.Services.AddWorker<UnetModel>(options, UnetModel.Load, Warm);
        builder.Services.AddSingleton<DenoiseJobParser>();
        builder.Services.AddSingleton<DenoiseLoop>();
        builder.Services.AddSingleton<RunningJobs>();
    }

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<DenoiseService>();

    // A guided picture of the default size, with as many tokens as a prompt has.
    private static void Warm(ModelFacts model, UnetModel unet)
    {
        int[] latents = [model.Unet.InChannels, model.Unet.SampleSize, model.Unet.SampleSize];
        var conditioning = unet.ConditioningInputs.ToDictionary(
            input => input.Key,
            input => Zeros(input.Value, [1, model.Text.Window, model.Unet.CrossAttentionWidth]));
        var batch = new UnetBatch(new float[2 * latents.Aggregate(1, (a, b) => a * b)], latents, [0, 0], [conditioning, conditioning]);
        unet.Run(batch, new float[batch.Latents.Length]);
    }

    private static TensorData Zeros(PortFacts port, int[] context)
    {
        int[] shape = [.. port.Dimensions.Select((d, i) => i == 0 ? 1 : d > 0 ? d : port.Rank == context.Length ? context[i] : 1)];
        return TensorData.From(new float[shape.Aggregate(1, (a, b) => a * b)], shape, port.Type);
    }
}
