namespace Diffusion.Mesh.Unet;

/// <summary>Who is held up by more urgent jobs that came later.</summary>
internal static class Preemption
{
    /// <summary>The jobs that begin to be held up by the pass that was packed last: once each, until they are in a pass again.</summary>
    public static int Count(ShapeGroup group)
    {
        var latest = long.MinValue;
        foreach (var segment in group.Pass)
        {
            segment.Rows.Generation.IsPreempted = false;
            latest = Math.Max(latest, segment.Rows.Generation.Arrival);
        }

        var count = 0;
        foreach (var rows in group.Members)
        {
            var generation = rows.Generation;
            if (rows.Waiting == 0 || generation.Arrival > latest || generation.IsPreempted || IsIn(group, generation))
                continue;
            generation.IsPreempted = true;
            count++;
        }

        return count;
    }

    private static bool IsIn(ShapeGroup group, Generation generation)
    {
        foreach (var segment in group.Pass)
        {
            if (segment.Rows.Generation == generation)
                return true;
        }

        return false;
    }
}
