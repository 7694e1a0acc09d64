using System.Collections.Immutable;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>What a UNet's names and shapes tell of it.</summary>
/// <param name="InChannels">Of its input: 4 for most, 8 for instruct-pix2pix, 9 for inpainting.</param>
/// <param name="TimeWidth">Width of the embedded timestep.</param>
/// <param name="ContextWidth">Width of the text embeddings; 0 without cross attention.</param>
/// <param name="AddedWidth">Width of what SDXL adds to the timestep: pooled text and embedded sizes; 0 where there is none.</param>
/// <param name="GuidanceWidth">Width of the embedded guidance scale (LCM); 0 where there is none.</param>
/// <param name="LinearProjections">Whether transformers are entered by a linear layer instead of a 1x1 convolution.</param>
/// <param name="Levels">From the finest resolution to the coarsest.</param>
/// <param name="MiddleResnets">ResNet blocks in the middle: 2, or 1 without attention, or 0 where distillation removed it.</param>
/// <param name="MiddleDepth">Transformer blocks in the middle; 0 without attention.</param>
internal sealed record UnetStructure(
    long InChannels,
    long OutChannels,
    long TimeWidth,
    long ContextWidth,
    long AddedWidth,
    long GuidanceWidth,
    bool LinearProjections,
    ImmutableArray<UnetLevel> Levels,
    int MiddleResnets,
    int MiddleDepth)
{
    /// <summary>Whether the level has attention, on the way down or up.</summary>
    public bool Attends(int level) => Levels[level].Down.Concat(Levels[level].Up).Any(d => d > 0);
}

/// <summary>One resolution of a UNet.</summary>
/// <param name="Channels">Channels of its feature maps.</param>
/// <param name="Down">Transformer blocks behind each ResNet block on the way down; 0 without attention.</param>
/// <param name="Up">The same on the way up, where there is one ResNet block more.</param>
internal sealed record UnetLevel(long Channels, ImmutableArray<int> Down, ImmutableArray<int> Up);
