namespace Diffusion.Mesh.Autoscaling;

/// <summary>All that a simulation depends on.</summary>
internal sealed record Scenario
{
    public Day Day { get; init; } = new();

    public Accelerator Accelerator { get; init; } = new();

    public HpaRules Hpa { get; init; } = new();

    public KedaRules Keda { get; init; } = new();

    /// <summary>The trigger's target; null: the scaler's default.</summary>
    public double? TargetSeconds { get; init; }

    /// <summary>So many replicas all the time, and no autoscaler; null: scaled.</summary>
    public int? Fixed { get; init; }

    /// <summary>Jobs that all orchestrators together run at once.</summary>
    public int Running { get; init; } = 128;
}
