using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks.Internal;

/// <summary>The mapped health service: fresh results unless the published ones are preferred, later changes as published.</summary>
internal sealed class HealthServiceIntegration(
    HealthServiceImpl published,
    HealthCheckService checks,
    IOptions<GrpcHealthChecksOptions> options,
    IOptions<HealthCheckOptions> filter,
    IHostApplicationLifetime lifetime) : Health.V1.Health.HealthBase
{
    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (options.Value.UseHealthChecksCache)
        {
            return await published.Check(request, context);
        }

        var status = await EvaluateAsync(request.Service, context.CancellationToken);
        return status is ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, ""))
            : new HealthCheckResponse { Status = status };
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // An open call would keep the server from stopping.
        var stopping = options.Value.SuppressCompletionOnShutdown ? CancellationToken.None : lifetime.ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
        ServingStatus? sent = null;
        await foreach (var change in published.WatchAsync(request.Service, end.Token))
        {
            var status = sent is null && !options.Value.UseHealthChecksCache
                ? await EvaluateAsync(request.Service, context.CancellationToken)
                : change;
            if (status != sent)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
                sent = status;
            }
        }

        if (stopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
        }
    }

    private async Task<ServingStatus> EvaluateAsync(string service, CancellationToken cancellationToken)
    {
        if (!options.Value.Services.TryGet(service, out var mapping))
        {
            return ServingStatus.ServiceUnknown;
        }

        var report = await checks.CheckHealthAsync(
            check => (filter.Value.Predicate?.Invoke(check) ?? true) && mapping.Chooses(check.Name, check.Tags),
            cancellationToken);
        return mapping.StatusIn(report);
    }
}
