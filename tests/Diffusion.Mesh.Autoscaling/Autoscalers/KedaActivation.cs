namespace Diffusion.Mesh.Autoscaling;

/// <summary>KEDA's own part of the scaling: from zero and to zero. Between, the HPA scales.</summary>
internal sealed class KedaActivation(KedaRules rules)
{
    private TimeSpan _active;

    /// <summary>The replicas that there should be.</summary>
    /// <param name="now">Since the beginning.</param>
    /// <param name="current">Replicas now.</param>
    /// <param name="isActive">What the scaler says.</param>
    public int Desire(TimeSpan now, int current, bool isActive)
    {
        if (isActive)
        {
            _active = now;
            return Math.Max(current, Math.Max(1, rules.MinReplicas));
        }

        return current > 0 && rules.MinReplicas == 0 && now - _active > rules.Cooldown ? 0 : Math.Max(current, rules.MinReplicas);
    }
}
