using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>The result that an obsolete mapping is asked about.</summary>
[Obsolete("Choose checks by HealthCheckMapContext.")]
public sealed class HealthResult(
    string name,
    IEnumerable<string> tags,
    HealthStatus status,
    string? description,
    TimeSpan duration,
    Exception? exception,
    IReadOnlyDictionary<string, object> data)
{
    /// <summary>The check's name.</summary>
    public string Name => name;

    /// <summary>The check's tags.</summary>
    public IEnumerable<string> Tags => tags;

    /// <summary>What the check found.</summary>
    public HealthStatus Status => status;

    /// <summary>The check's words about it, if any.</summary>
    public string? Description => description;

    /// <summary>How long the check took.</summary>
    public TimeSpan Duration => duration;

    /// <summary>What the check threw, if it did.</summary>
    public Exception? Exception => exception;

    /// <summary>The check's data.</summary>
    public IReadOnlyDictionary<string, object> Data => data;
}
