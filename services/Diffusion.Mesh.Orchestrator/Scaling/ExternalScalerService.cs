using Diffusion.Mesh.ExternalScaling;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// KEDA's external scaler: how many seconds of work there are, for the HPA to divide by a replica's target, and whether there is any, to scale to zero and from zero.
/// Every orchestrator tells the same, since all read one store. While the store is away metrics are UNAVAILABLE, upon which KEDA falls back to the replicas
/// that its ScaledObject names.
/// </summary>
internal sealed partial class ExternalScalerService(
    DemandReader reader, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ExternalScalerService> logger) : ExternalScaler.ExternalScalerBase
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public override async Task<IsActiveResponse> IsActive(ScaledObjectRef request, ServerCallContext context)
    {
        var trigger = ScalerTrigger.Parse(request.ScalerMetadata);
        return new IsActiveResponse { Result = trigger.IsActive(await reader.ReadAsync(context.CancellationToken)) };
    }

    /// <inheritdoc/>
    public override async Task StreamIsActive(ScaledObjectRef request, IServerStreamWriter<IsActiveResponse> responseStream, ServerCallContext context)
    {
        var trigger = ScalerTrigger.Parse(request.ScalerMetadata);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            for (bool? told = null; ; await Task.Delay(Poll, time, either.Token))
            {
                if (await ReadAsync(either.Token) is not { } demand || trigger.IsActive(demand) == told)
                    continue;
                told = trigger.IsActive(demand);
                await responseStream.WriteAsync(new IsActiveResponse { Result = told.Value }, context.CancellationToken);
            }
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // A stream that ends well KEDA opens anew after two seconds, elsewhere; after each error it waits longer, for good.
        }
    }

    /// <inheritdoc/>
    public override Task<GetMetricSpecResponse> GetMetricSpec(ScaledObjectRef request, ServerCallContext context)
    {
        var trigger = ScalerTrigger.Parse(request.ScalerMetadata);
        var spec = new MetricSpec
        {
            MetricName = trigger.Metric,
            TargetSize = Math.Max(1, (long)Math.Round(trigger.TargetSeconds)),
            TargetSizeFloat = trigger.TargetSeconds,
        };
        return Task.FromResult(new GetMetricSpecResponse { MetricSpecs = { spec } });
    }

    /// <inheritdoc/>
    public override async Task<GetMetricsResponse> GetMetrics(GetMetricsRequest request, ServerCallContext context)
    {
        var trigger = ScalerTrigger.Parse(request.ScaledObjectRef?.ScalerMetadata ?? []);
        if (request.MetricName != trigger.Metric)
            throw RichErrors.BadRequest([new("metricName", $"It must be {trigger.Metric}, and is '{request.MetricName}'.")]);
        var seconds = (await reader.ReadAsync(context.CancellationToken)).Of(trigger.Role);
        var value = new MetricValue { MetricName = trigger.Metric, MetricValue_ = (long)Math.Ceiling(seconds), MetricValueFloat = seconds };
        return new GetMetricsResponse { MetricValues = { value } };
    }

    // A stream outlasts a store that is away: it tells what has changed when that is back.
    private async Task<ScalingDemand?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation);
        }
        catch (StateUnavailableException e)
        {
            LogAway(e.Message);
            return null;
        }
    }

    [LoggerMessage(240, LogLevel.Debug, "The demand cannot be read: {Reason}")]
    private partial void LogAway(string reason);
}
