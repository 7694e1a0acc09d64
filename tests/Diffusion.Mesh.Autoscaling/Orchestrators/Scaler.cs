using Diffusion.Mesh.ExternalScaling;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.Autoscaling;

/// <summary>The orchestrator's external scaler as it is, asked as KEDA asks it.</summary>
internal sealed class Scaler
{
    private readonly ExternalScalerService _service;
    private readonly ScaledObjectRef _trigger = new() { Name = "unet", Namespace = "mesh" };

    /// <param name="targetSeconds">The trigger's; null: the scaler's default.</param>
    public Scaler(IJobStore store, DenoisePace pace, VirtualTime time, double? targetSeconds)
    {
        // The workers' own loads are not simulated: this orchestrator runs all jobs, and measures.
        var reader = new DemandReader(store, new StagePace(pace, _ => [], _ => null), time);
        _service = new ExternalScalerService(
            reader, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), time, NullLogger<ExternalScalerService>.Instance);
        if (targetSeconds is { } target)
            _trigger.ScalerMetadata["targetSeconds"] = FormattableString.Invariant($"{target}");
    }

    public async Task<bool> IsActiveAsync() => (await _service.IsActive(_trigger, NoContext.Instance)).Result;

    /// <summary>The metric, and what of it each replica should have.</summary>
    public async Task<(double Total, double Target)> MetricAsync()
    {
        var spec = (await _service.GetMetricSpec(_trigger, NoContext.Instance)).MetricSpecs.Single();
        var request = new GetMetricsRequest { ScaledObjectRef = _trigger, MetricName = spec.MetricName };
        var value = (await _service.GetMetrics(request, NoContext.Instance)).MetricValues.Single();
        return (value.MetricValueFloat, spec.TargetSizeFloat);
    }
}
