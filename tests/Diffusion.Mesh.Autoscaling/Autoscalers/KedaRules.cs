namespace Diffusion.Mesh.Autoscaling;

/// <summary>What a ScaledObject says; the defaults are KEDA's own.</summary>
internal sealed record KedaRules
{
    /// <summary><c>pollingInterval</c>: how often activity is asked for, beside being told.</summary>
    public TimeSpan Polling { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>cooldownPeriod</c>: so long after the last activity the replicas go to zero.</summary>
    public TimeSpan Cooldown { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>minReplicaCount</c>.</summary>
    public int MinReplicas { get; init; }

    /// <summary>How long it takes until a change of activity is told by the stream, at most: the scaler looks each second.</summary>
    public TimeSpan Push { get; init; } = TimeSpan.FromSeconds(1);
}
