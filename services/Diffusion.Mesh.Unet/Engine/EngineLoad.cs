using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet;

/// <summary>What an engine has in work.</summary>
/// <param name="Rows">Rows that each step has now.</param>
/// <param name="QueuedSeconds">Seconds that all of it will take by measured cost.</param>
/// <param name="Shapes">The same by what can share a pass.</param>
internal sealed record EngineLoad(int Rows, double QueuedSeconds, IReadOnlyList<ShapeLoad> Shapes)
{
    public static EngineLoad None { get; } = new(0, 0, []);

    public static EngineLoad Of(PassPlanner planner, IReadOnlyList<Generation> generations)
    {
        var shapes = planner.Active.Select(Of).ToArray();
        return new EngineLoad(shapes.Sum(shape => (int)shape.Rows), generations.Sum(SecondsLeft), shapes);
    }

    private static ShapeLoad Of(ShapeGroup group)
    {
        var rows = group.Members.Sum(member => member.Count);
        return new ShapeLoad
        {
            Model = group.Model,
            LatentHeight = (uint)group.Shape.Height,
            LatentWidth = (uint)group.Shape.Width,
            Rows = (uint)rows,
            FreeRows = (uint)Math.Max(0, group.Sizes.Most - rows),
            PassSeconds = group.Sizes.Cost(Math.Min(rows, group.Sizes.Most)),
        };
    }

    private static double SecondsLeft(Generation generation) =>
        generation.Sides.Sum(rows => SecondsPerRow(rows.Group) * rows.Count) * (generation.Job.Evaluations - generation.Job.Done);

    private static double SecondsPerRow(ShapeGroup group)
    {
        var rows = Math.Clamp(group.Members.Sum(member => member.Count), 1, group.Sizes.Most);
        return group.Sizes.Cost(rows) / rows;
    }
}
