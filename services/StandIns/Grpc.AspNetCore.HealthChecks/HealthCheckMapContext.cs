namespace Grpc.AspNetCore.HealthChecks;

/// <summary>The health check that a mapping is asked about.</summary>
public sealed class HealthCheckMapContext(string name, IEnumerable<string> tags)
{
    /// <summary>The check's name.</summary>
    public string Name => name;

    /// <summary>The check's tags.</summary>
    public IEnumerable<string> Tags => tags;
}
