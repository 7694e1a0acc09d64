using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Listens to the meters of services that are started with it, each service's by itself.</summary>
internal sealed class ClusterMeters : IDisposable
{
    private readonly List<TestMeters> _hosts = [];

    /// <summary>One for each service, in the order in which they started.</summary>
    public IReadOnlyList<TestMeters> Hosts => _hosts;

    public IEnumerable<Instrument> Instruments => _hosts.SelectMany(host => host.Instruments);

    public IEnumerable<Measured> All => _hosts.SelectMany(host => host.All);

    public double Sum(string name) => _hosts.Sum(host => host.Sum(name));

    public IReadOnlyList<Measured> Of(string name) => [.. _hosts.SelectMany(host => host.Of(name))];

    public IReadOnlyList<Measured> Read(string name) => [.. _hosts.SelectMany(host => host.Read(name))];

    public void Attach(WebApplicationBuilder builder) => builder.Services.AddSingleton<IHostMetrics>(services =>
    {
        var host = new TestMeters(services.GetRequiredService<IMeterFactory>());
        lock (_hosts)
            _hosts.Add(host);
        return new Attached();
    });

    public void Dispose() => _hosts.ForEach(host => host.Dispose());

    private sealed class Attached : IHostMetrics;
}
