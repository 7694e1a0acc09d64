namespace Diffusion.Mesh.State;

/// <summary>One item of <see cref="IJobStore.WatchAsync"/>: an event, or as the last one the end.</summary>
/// <param name="Event">Null in the last item.</param>
/// <param name="End">Null in all but the last item: the job as it ended, with its status and the number of its results.</param>
public sealed record JobUpdate(JobEvent? Event, JobInfo? End);
