using System.Diagnostics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Unet;

/// <summary>Runs passes: packs, runs, delivers, and takes the sampler steps that have become possible. Only the engine's thread touches it.</summary>
internal sealed class PassRunner(PassPlanner planner, EngineLimits limits, ServiceTelemetry telemetry, PassMetrics metrics, EngineTimes times, TimeProvider time)
{
    /// <summary>The generations that the last pass brought to their end.</summary>
    public List<Generation> Finished { get; } = [];

    /// <summary>Those that the last pass failed for, and why.</summary>
    public List<(Generation Generation, Exception Error)> Failed { get; } = [];

    /// <summary>Runs a pass.</summary>
    public void Run(PlannedPass pass)
    {
        Finished.Clear();
        Failed.Clear();
        var (group, size) = (pass.Group, pass.Size);
        if (pass.ToTry is { } other)
        {
            Try(group, other);
            return;
        }

        try
        {
            group.Pack(size, onlyFirst: !limits.IsBatching);
            metrics.Packed(group);
            RunPacked(group, size);
            group.Deliver();
        }
        catch (Exception e)
        {
            Blame(group, size, e);
            planner.Update(group);
            return;
        }

        Advance(group);
        planner.Update(group);
    }

    private void RunPacked(ShapeGroup group, int size)
    {
        var rows = 0;
        foreach (var segment in group.Pass)
            rows += segment.Count;
        using var span = telemetry.Source.HasListeners() ? Trace(group, rows) : null;
        Begin(group, span?.Context ?? default);
        var started = time.GetTimestamp();
        if (group.Sizes.IsNew(size))
            planner.MemoryOf(group.Unet).Watch(size, group.Pixels, group.Run);
        else
            group.Run(size);
        var ticks = time.GetTimestamp() - started;
        var seconds = (double)ticks / time.TimestampFrequency;
        times.AddPass(ticks, rows);
        metrics.Ran(group, rows, seconds);
        group.Sizes.Record(size, seconds);
        planner.Charge(group, seconds);
    }

    // Not a pass of anybody's, but of the group's time all the same.
    private void Try(ShapeGroup group, int size)
    {
        var started = time.GetTimestamp();
        group.Try(size);
        planner.Charge(group, time.GetElapsedTime(started).TotalSeconds);
    }

    private void Begin(ShapeGroup group, ActivityContext forward)
    {
        DateTimeOffset? now = null;
        foreach (var segment in group.Pass)
        {
            if (!segment.Rows.Generation.HasBegun)
                segment.Rows.Generation.Begin(now ??= time.GetUtcNow(), forward);
        }
    }

    private void Advance(ShapeGroup group)
    {
        var rows = 0;
        foreach (var segment in group.Pass)
            rows += segment.Count;
        DateTimeOffset? now = null;
        foreach (var segment in group.Pass)
        {
            var generation = segment.Rows.Generation;
            generation.IsSuspect = false;
            if (!generation.Deliver(segment.Count, rows))
                continue;
            Advance(generation, now ??= time.GetUtcNow());
            planner.Update(generation);
        }
    }

    private void Advance(Generation generation, DateTimeOffset now)
    {
        try
        {
            generation.Step(now);
            if (generation.Job.Done == generation.Job.Evaluations)
                Finished.Add(generation);
            else
                generation.Prepare();
        }
        catch (Exception e)
        {
            Failed.Add((generation, e));
        }
    }

    // Whoever was in the pass gets one of its own, which tells whose fault it was.
    private void Blame(ShapeGroup group, int size, Exception error)
    {
        var generations = group.Pass.Select(segment => segment.Rows.Generation).Distinct().ToArray();
        group.Unpack();
        var isForWantOfMemory = error is OutOfMemoryException || error.Message.Contains("alloc", StringComparison.OrdinalIgnoreCase);
        if (isForWantOfMemory && group.Sizes.Shrink(size))
            return;
        if (generations.Length == 1)
            Failed.Add((generations[0], error));
        foreach (var generation in generations)
            generation.IsSuspect = generations.Length > 1;
    }

    private Activity? Trace(ShapeGroup group, int rows)
    {
        var generations = group.Pass.Select(segment => segment.Rows.Generation).Distinct().ToArray();
        var span = telemetry.StartShared(TelemetryNames.ForwardSpan, [.. generations.Select(generation => generation.Trace)]);
        span?.SetTag(TelemetryNames.BatchRows, rows);
        if (generations.Length == 1)
            span?.SetTag(TelemetryNames.StepIndex, generations[0].Job.Done);
        return span;
    }
}
