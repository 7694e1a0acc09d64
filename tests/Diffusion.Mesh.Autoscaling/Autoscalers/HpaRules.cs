namespace Diffusion.Mesh.Autoscaling;

/// <summary>What a HorizontalPodAutoscaler (<c>autoscaling/v2</c>) is told; the defaults are Kubernetes' own.</summary>
internal sealed record HpaRules
{
    /// <summary>How often it looks.</summary>
    public TimeSpan Sync { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>So far from the target nothing happens.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>From this; an HPA's least is 1, zero is KEDA's.</summary>
    public int MinReplicas { get; init; } = 1;

    /// <summary>To this.</summary>
    public int MaxReplicas { get; init; } = 100;

    /// <summary><c>behavior.scaleDown.stabilizationWindowSeconds</c>: of the recommendations in it the highest counts.</summary>
    public TimeSpan ScaleDownStabilization { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary><c>behavior.scaleUp.policies</c>: of the two the one that allows more counts.</summary>
    public TimeSpan ScaleUpPeriod { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Policy of type Percent.</summary>
    public double ScaleUpPercent { get; init; } = 100;

    /// <summary>Policy of type Pods.</summary>
    public int ScaleUpPods { get; init; } = 4;
}
