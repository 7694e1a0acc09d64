using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks.Internal;

/// <summary>Hands each periodic report to the health service.</summary>
internal sealed partial class GrpcHealthChecksPublisher(
    HealthServiceImpl health,
    IOptions<GrpcHealthChecksOptions> options,
    ILogger<GrpcHealthChecksPublisher> logger) : IHealthCheckPublisher
{
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var mapping in options.Value.Services)
        {
            var status = mapping.StatusIn(report);
            LogStatus(mapping.Name, status);
            health.SetStatus(mapping.Name, status);
        }

        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 2, EventName = "ServiceMappingStatusUpdated", Level = LogLevel.Debug,
        Message = "Service '{ServiceName}' status updated to {Status}.")]
    private partial void LogStatus(string serviceName, ServingStatus status);
}
