using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>Meters that nobody listens to, as where nothing is exported.</summary>
internal sealed class UnheardMeters : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public IMeterFactory Factory => _services.GetRequiredService<IMeterFactory>();

    public void Dispose() => _services.Dispose();
}
