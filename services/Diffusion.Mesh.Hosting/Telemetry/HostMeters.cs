using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// What a host exports: the meters that its own factory made, ours and ASP.NET Core's. Other hosts of the process have meters of the same names, and each
/// tells of its own.
/// </summary>
internal static class HostMeters
{
    private const string Runtime = "System.Runtime";

    public static MeterProviderBuilder Collect(MeterProviderBuilder metrics, ServiceRole role, ServiceOptions options)
    {
        metrics.AddMeter(role.SourceName, TelemetryNames.StateMeter, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel");
        if (options.OwnsProcess)
            metrics.AddMeter(Runtime);
        ((IDeferredMeterProviderBuilder)metrics).Configure((services, builder) =>
        {
            var own = services.GetRequiredService<IMeterFactory>();
            builder.AddView(instrument => IsOwn(instrument.Meter, own) ? null : MetricStreamConfiguration.Drop);
        });
        return metrics;
    }

    // The runtime's is the process's and nobody's.
    private static bool IsOwn(Meter meter, IMeterFactory own) => ReferenceEquals(meter.Scope, own) || (meter.Scope is null && meter.Name == Runtime);
}
