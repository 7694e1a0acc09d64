namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Which health checks a service depends on.</summary>
public sealed class ServiceMapping
{
    /// <summary>Chooses checks by name and tags.</summary>
    public ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        Name = name;
        HealthCheckPredicate = predicate;
    }

    /// <summary>Chooses among results.</summary>
    [Obsolete("Choose checks by HealthCheckMapContext.")]
    public ServiceMapping(string name, Func<HealthResult, bool> predicate)
    {
        Name = name;
        Predicate = predicate;
    }

    /// <summary>The service's full name; empty for the server as a whole.</summary>
    public string Name { get; }

    /// <summary>Chooses checks.</summary>
    public Func<HealthCheckMapContext, bool>? HealthCheckPredicate { get; }

    /// <summary>Chooses among results.</summary>
    [Obsolete("Choose checks by HealthCheckPredicate.")]
    public Func<HealthResult, bool>? Predicate { get; }
}
