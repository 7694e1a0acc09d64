namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Lines of the services' logs that tests wait for.</summary>
internal static class LogLines
{
    /// <summary>An error that the service itself is to blame for.</summary>
    public const string Error = "fail: ";

    /// <summary>A UNet worker has a job.</summary>
    public const string JobBegins = "begins at evaluation";

    /// <summary>A UNet worker has this job.</summary>
    public static string Begins(string jobId) => $"Job {jobId} {JobBegins}";

    /// <summary>An orchestrator has this job.</summary>
    public static string Taken(string jobId) => $"Job {jobId} is taken under epoch";

    /// <summary>An orchestrator gave this job to the others.</summary>
    public static string HandedOver(string jobId) => $"Job {jobId} was handed over";

    /// <summary>The orchestrator gave a job up.</summary>
    public const string JobEnded = "ended early";
}
