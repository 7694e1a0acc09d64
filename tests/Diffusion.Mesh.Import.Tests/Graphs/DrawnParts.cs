using System.Collections.Immutable;
using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Tests;

/// <summary>Small networks of drawn weights.</summary>
internal static class DrawnParts
{
    public const int Groups = 4;

    public static UnetSettings UnetSettings { get; } = new([2, 4], SampleSize: 8, Groups);

    public static VaeSettings VaeSettings { get; } = new(0.18215, 0, SampleSize: 32, Groups);

    public static TextSettings TextSettings { get; } = new(Heads: 2, ClipActivation.QuickGelu, EndToken: 29);

    /// <summary>Two levels, of which the second attends.</summary>
    public static UnetStructure UnetStructure { get; } = new(
        InChannels: 4,
        OutChannels: 4,
        TimeWidth: 32,
        ContextWidth: 12,
        AddedWidth: 0,
        GuidanceWidth: 0,
        LinearProjections: true,
        [new UnetLevel(8, [0], [0, 0]), new UnetLevel(16, [2], [1, 1])],
        MiddleResnets: 2,
        MiddleDepth: 1);

    /// <summary>A window of 8 tokens of 30, of which the last is the end.</summary>
    public static ClipStructure TextStructure { get; } = new(
        Width: 16, Layers: 2, FeedForwardWidth: 32, Vocabulary: 30, Window: 8, ProjectionWidth: 0, OpenClip: false);

    private static readonly ImmutableArray<VaeLevel> Levels = [new VaeLevel(8, 1), new VaeLevel(16, 1)];

    /// <summary>One halving.</summary>
    public static VaeStructure VaeStructure { get; } = new(
        ImageChannels: 3, LatentChannels: 4, Levels, [.. Levels.Reverse()], QuantConvolutions: true, MiddleAttention: true);

    public static CheckpointPart Unet(UnetStructure structure) => Part("unet", UnetWeights.Of(structure));

    public static CheckpointPart Vae() => Part("vae", VaeWeights.Of(VaeStructure));

    public static CheckpointPart Text(ClipStructure structure) => Part("text_encoder", ClipWeights.Of(structure));

    private static CheckpointPart Part(string name, IReadOnlyList<Weight> weights) =>
        new(name, weights.ToDictionary(w => w.Name, StoredTensor (w) => new DrawnTensor(w.Name, w.Shape)));
}
