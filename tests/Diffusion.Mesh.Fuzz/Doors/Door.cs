namespace Diffusion.Mesh.Fuzz;

/// <summary>A way into a service.</summary>
/// <param name="Weight">How often it is tried beside the others.</param>
/// <param name="Make">What is sent; true: changed, false: as a good client sends it.</param>
/// <param name="FindsNothing">What a good client sends there is refused, since there is nothing to do.</param>
internal sealed record Door(string Name, int Weight, Func<Dice, Server, bool, Shot> Make, bool FindsNothing = false)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Door> All { get; } = [.. GrpcDoors.All, .. ContentDoors.All, .. HttpDoors.All, .. JsonDoors.All, .. OpenAiDoors.All, .. FrameDoors.All, .. InsideDoors.All];

    /// <summary>The case of this number.</summary>
    public static (Door Door, Shot Shot) Case(int seed, long number, Server server)
    {
        var dice = new Dice(seed, number);
        var at = dice.Below(All.Sum(door => door.Weight));
        foreach (var door in All)
        {
            at -= door.Weight;
            if (at < 0)
                return (door, door.Make(dice, server, true));
        }

        throw new InvalidOperationException("There is no door.");
    }
}
