namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Options of the health service.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>Which health checks each service depends on.</summary>
    public ServiceMappingCollection Services { get; } = [];

    /// <summary>
    /// Whether calls are answered with the last published results rather than by running the checks. Default: false.
    /// </summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>
    /// Whether Watch calls stay open when the application begins to stop, rather than end with NOT_SERVING. Default: false.
    /// </summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}
