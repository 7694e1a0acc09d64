namespace Diffusion.Mesh.State;

/// <summary>Names of the metrics of Redis, those of OpenTelemetry's database conventions where there are some.</summary>
public static class RedisMetricNames
{
    /// <summary>The meter of everything below.</summary>
    public const string Meter = EmbeddingCacheNames.Meter;

    /// <summary>Histogram, seconds: single tries of calls.</summary>
    public const string Duration = "db.client.operation.duration";

    /// <summary>Gauge: 1 where it is connected, 0 where not.</summary>
    public const string Connected = "diffusion.redis.connected";

    /// <summary>Label: always <c>redis</c>.</summary>
    public const string System = "db.system.name";

    /// <summary>Label: the script or command.</summary>
    public const string Operation = "db.operation.name";

    /// <summary>Label: what went wrong.</summary>
    public const string ErrorType = "error.type";

    /// <summary>Label: <c>jobs</c> or <c>cache</c>.</summary>
    public const string Use = "diffusion.redis.use";
}
