namespace Diffusion.Mesh.TelemetryTests;

/// <summary>A number of a series.</summary>
/// <param name="Metric">The name that Prometheus gives to it.</param>
/// <param name="Labels">Those that Prometheus gives to it, <c>job</c> and <c>instance</c> included.</param>
/// <param name="Seconds">Unix time.</param>
internal sealed record Sample(string Metric, IReadOnlyDictionary<string, string> Labels, double Value, double Seconds);
