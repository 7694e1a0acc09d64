namespace Diffusion.Mesh.Autoscaling;

/// <summary>A picture that is asked for.</summary>
/// <param name="number">From 0.</param>
/// <param name="asked">When, since the beginning.</param>
internal sealed class Picture(int number, TimeSpan asked)
{
    public string Id { get; } = $"picture-{number}";

    public TimeSpan Asked => asked;

    /// <summary>The lease's epoch, once it is claimed.</summary>
    public long Epoch { get; set; }

    /// <summary>Model evaluations done.</summary>
    public int Done { get; set; }

    /// <summary>When its first evaluation began; null: not yet.</summary>
    public TimeSpan? Begun { get; set; }

    /// <summary>When its last one ended; null: not yet.</summary>
    public TimeSpan? Ended { get; set; }
}
