namespace Diffusion.Mesh.Hosting;

/// <summary>Metrics that the host makes when it starts: gauges, which nobody else asks for, and counts that should be told while they are still nought.</summary>
public interface IHostMetrics
{
    /// <summary>The host starts; whoever exports listens from now on.</summary>
    void Begin()
    {
    }
}
