using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Unet;

/// <summary>What bounds a forward pass.</summary>
/// <param name="IsBatching">Whether rows of several jobs share a pass.</param>
/// <param name="KeepsBits">Whether only sizes are used that give the same bits.</param>
/// <param name="MostRows">Rows of a pass.</param>
/// <param name="PassSeconds">Seconds that a pass lasts at most, where its rows can be fewer.</param>
/// <param name="ShortWorkWeight">How much more time short passes get than long ones, at most.</param>
/// <param name="MemoryBytes">Memory for a pass.</param>
internal sealed record EngineLimits(
    bool IsBatching, bool KeepsBits, int MostRows, double PassSeconds, double ShortWorkWeight, long MemoryBytes)
{
    // While others wait a pass is kept shorter, since they wait for all of it.
    private const double SharedPart = 0.25;

    /// <summary>Seconds that a pass lasts at most while other shapes are in work.</summary>
    public double SharedPassSeconds => PassSeconds * SharedPart;

    public static EngineLimits From(ServiceOptions options) => new(
        options.Batching,
        options.SameBits,
        options.MaxRows,
        options.PassLimit.TotalSeconds,
        options.ShortWorkWeight,
        options.BatchMemory > 0 ? (long)options.BatchMemory << 20 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
}
