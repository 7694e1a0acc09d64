namespace Diffusion.Mesh.Autoscaling;

/// <summary>What became of a day.</summary>
/// <param name="Pictures">How many were asked for.</param>
/// <param name="Ended">How many were made.</param>
/// <param name="Good">How many of them were begun within 30 s and ended within twice the time that one takes alone, and 30 s.</param>
/// <param name="GpuHours">Hours of accelerators.</param>
/// <param name="LeastReplicas">At any time.</param>
/// <param name="MostReplicas">At any time.</param>
/// <param name="LongestWait">Of a picture that was begun.</param>
internal sealed record Outcome(int Pictures, int Ended, int Good, double GpuHours, int LeastReplicas, int MostReplicas, TimeSpan LongestWait)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Service level: the share of pictures that were good, 0 to 1.</summary>
    public double Attainment => Pictures == 0 ? 1 : (double)Good / Pictures;

    /// <summary>Whether a picture was good.</summary>
    public static bool IsGood(Picture picture, TimeSpan bare) =>
        picture.Begun - picture.Asked <= Patience && picture.Ended - picture.Asked <= 2 * bare + Patience;
}
