using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>How the image is fitted into the new size.</summary>
public enum ResizeMode
{
    /// <summary>Fills the size and cuts off what sticks out.</summary>
    Crop,

    /// <summary>Fits inside the size and pads the rest.</summary>
    Pad,

    /// <summary>Like <see cref="Pad"/>, but never enlarges the image.</summary>
    BoxPad,

    /// <summary>Fits inside the size, which shrinks to the proportions of the image.</summary>
    Max,

    /// <summary>Shrinks until the shorter side fits; never enlarges the image.</summary>
    Min,

    /// <summary>Fills the size without keeping the proportions.</summary>
    Stretch,
}

/// <summary>Which part of the image stays when it is cropped, or where it lies when it is padded.</summary>
public enum AnchorPositionMode
{
    Center,
    Top,
    Bottom,
    Left,
    Right,
    TopLeft,
    TopRight,
    BottomRight,
    BottomLeft,
}

/// <summary>The options of a resize.</summary>
public class ResizeOptions
{
    public ResizeMode Mode { get; set; } = ResizeMode.Crop;

    public AnchorPositionMode Position { get; set; } = AnchorPositionMode.Center;

    /// <summary>The size in pixels; 0 for one of the two keeps the proportions.</summary>
    public Size Size { get; set; }

    public IResampler Sampler { get; set; } = KnownResamplers.Bicubic;

    /// <summary>The colour around a padded image.</summary>
    public Color PadColor { get; set; }
}
