namespace Diffusion.Mesh.State;

/// <summary>Bounds that hold for every store.</summary>
public static class JobStoreLimits
{
    /// <summary>How far in the future a deadline may be.</summary>
    public static TimeSpan LongestDeadline { get; } = TimeSpan.FromDays(2);

    /// <summary>How long an end and its results may be kept.</summary>
    public static TimeSpan LongestRetention { get; } = TimeSpan.FromDays(4);

    /// <summary>Length of a lease: from this.</summary>
    public static TimeSpan ShortestLease { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Length of a lease: to this.</summary>
    public static TimeSpan LongestLease { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Jobs of one page of <see cref="IJobStore.ListAsync"/>.</summary>
    public const int LargestPage = 200;

    /// <summary>Length of the key of <see cref="IJobStore.SigningKeyAsync"/>.</summary>
    public const int SigningKeyBytes = 32;

    /// <summary>How often somebody should call <see cref="IJobStore.ClaimAsync"/>, at least: it also ends what is past its deadline.</summary>
    public static TimeSpan ClaimInterval { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Jobs whose cost <see cref="IJobStore.CountAsync"/> looks at, of those that wait and again of those that run: it may be asked each second.</summary>
    public const int CountedJobs = 2000;
}
