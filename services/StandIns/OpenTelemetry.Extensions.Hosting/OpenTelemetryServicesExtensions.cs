using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Extensions.Hosting.Implementation;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds OpenTelemetry to the services of a host.</summary>
public static class OpenTelemetryServicesExtensions
{
    /// <summary>
    /// Adds the service that starts OpenTelemetry with the host. Calling it again is safe: the signals are shared.
    /// </summary>
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var starter = ServiceDescriptor.Singleton<IHostedService, TelemetryHostedService>();
        if (!services.Any(service => service.ServiceType == starter.ServiceType && service.ImplementationType == starter.ImplementationType))
        {
            // First, so that what the other hosted services do while starting is already observed.
            services.Insert(0, starter);
        }

        return new OpenTelemetryBuilder(services);
    }
}
