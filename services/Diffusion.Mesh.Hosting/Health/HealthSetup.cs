using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// gRPC health under the names that probes ask for: <c>liveness</c> (the process answers), <c>readiness</c>, the role's own service and the empty name
/// (all of them: it takes work).
/// </summary>
internal static class HealthSetup
{
    private const string Live = "live";
    private const string Ready = "ready";

    public static void Add(IServiceCollection services, ServiceRole role)
    {
        services.AddSingleton<Readiness>();
        services.AddHostedService<DrainOnStop>();
        // Watchers learn of a change within the period; Check is computed anew at each call.
        services.Configure<HealthCheckPublisherOptions>(o => (o.Delay, o.Period) = (TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        services.AddGrpcHealthChecks(o =>
            {
                o.Services.Map("", check => check.Tags.Contains(Ready));
                o.Services.Map("readiness", check => check.Tags.Contains(Ready));
                o.Services.Map(role.GrpcService, check => check.Tags.Contains(Ready));
                o.Services.Map("liveness", check => check.Tags.Contains(Live));
            })
            .AddCheck(Live, () => HealthCheckResult.Healthy(), [Live])
            .AddCheck<ReadinessCheck>(Ready, tags: [Ready]);
    }

    private sealed class ReadinessCheck(Readiness readiness) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(readiness.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
    }

    private sealed class DrainOnStop(IHostApplicationLifetime lifetime, Readiness readiness) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.ApplicationStopping.Register(readiness.SetDraining);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
