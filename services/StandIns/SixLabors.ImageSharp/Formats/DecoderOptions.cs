namespace SixLabors.ImageSharp.Formats;

/// <summary>How images are read.</summary>
public sealed class DecoderOptions
{
    private readonly uint _maxFrames = int.MaxValue;

    /// <summary>The formats that are tried.</summary>
    public Configuration Configuration { get; init; } = Configuration.Default;

    /// <summary>Leaves text and other metadata unread.</summary>
    public bool SkipMetadata { get; init; }

    /// <summary>The most frames to identify or decode, from 1; a value outside the range is moved into it. No more than one is decoded.</summary>
    public uint MaxFrames
    {
        get => _maxFrames;
        init => _maxFrames = Math.Clamp(value, 1, int.MaxValue);
    }

    internal static DecoderOptions Default { get; } = new();
}
