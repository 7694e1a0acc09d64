namespace Diffusion.Mesh.Autoscaling;

/// <summary>
/// The rules by which Kubernetes' HPA scales on an external metric with a target of type AverageValue. Scaling down is limited by stabilisation alone: the default policy
/// of 100 % in 15 s allows everything.
/// </summary>
internal sealed class HorizontalPodAutoscaler(HpaRules rules)
{
    private readonly List<(TimeSpan At, int Replicas)> _recommendations = [];
    private readonly List<(TimeSpan At, int Added)> _added = [];

    /// <summary>The replicas that there should be.</summary>
    /// <param name="now">Since the beginning; grows from call to call.</param>
    /// <param name="current">Replicas now, above 0: with none the HPA is off.</param>
    /// <param name="total">The metric.</param>
    /// <param name="target">What of it each replica should have.</param>
    public int Desire(TimeSpan now, int current, double total, double target)
    {
        var stabilized = Math.Clamp(Stabilize(now, current, Recommend(current, total, target)), rules.MinReplicas, rules.MaxReplicas);
        var desired = stabilized > current ? Math.Max(current, Math.Min(stabilized, Limit(now, current))) : stabilized;
        if (desired > current)
            _added.Add((now, desired - current));
        return desired;
    }

    private int Recommend(int current, double total, double target) =>
        Math.Abs(1 - (total / (target * current))) <= rules.Tolerance ? current : (int)Math.Ceiling(total / target);

    private int Stabilize(TimeSpan now, int current, int recommendation)
    {
        if (_recommendations.Count == 0)
            _recommendations.Add((now, current));
        _recommendations.RemoveAll(r => r.At < now - rules.ScaleDownStabilization);
        _recommendations.Add((now, recommendation));
        // Up at once; down no lower than anything recommended in the window.
        return Math.Max(recommendation, Math.Min(current, _recommendations.Max(r => r.Replicas)));
    }

    private int Limit(TimeSpan now, int current)
    {
        _added.RemoveAll(change => change.At <= now - rules.ScaleUpPeriod);
        var before = current - _added.Sum(change => change.Added);
        return Math.Max((int)Math.Ceiling(before * (1 + (rules.ScaleUpPercent / 100))), before + rules.ScaleUpPods);
    }
}
