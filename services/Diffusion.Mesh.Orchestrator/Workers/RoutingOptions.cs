using System.Security.Cryptography;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>How workers are watched and how patiently they are called. No options of the service; tests set their own.</summary>
internal sealed record RoutingOptions
{
    /// <summary>A worker that tells no load for so long is lost: three of its heartbeats.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How often names are looked up.</summary>
    public TimeSpan LookUpEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long others are preferred to a worker that failed.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The wait before a call's second retry; the first goes at once, each further one waits twice as long.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait before a retry.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>So many failures in a row end a call where the workers are a list. Where they are found by name others may come.</summary>
    public int MaxFailures { get; init; } = 6;

    /// <summary>So many workers may die over one request.</summary>
    public int MaxDeaths { get; init; } = 3;

    /// <summary>Random numbers from 0 to below 1: callers that failed together must not come again together.</summary>
    public Func<double> Jitter { get; init; } = () => RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
}
