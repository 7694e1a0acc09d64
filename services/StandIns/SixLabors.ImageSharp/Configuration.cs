using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;

namespace SixLabors.ImageSharp;

/// <summary>Which formats are read.</summary>
public sealed class Configuration
{
    private readonly List<ImageCodec> _codecs = [];

    public Configuration()
    {
    }

    public Configuration(params IImageFormatConfigurationModule[] configurationModules)
    {
        ArgumentNullException.ThrowIfNull(configurationModules);
        foreach (var module in configurationModules)
            Configure(module);
    }

    /// <summary>PNG, JPEG and WebP.</summary>
    public static Configuration Default { get; } =
        new(new PngConfigurationModule(), new JpegConfigurationModule(), new WebpConfigurationModule());

    public IEnumerable<IImageFormat> ImageFormats => _codecs.Select(codec => codec.Format);

    public void Configure(IImageFormatConfigurationModule configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Configure(this);
    }

    internal void Add(ImageCodec codec) => _codecs.Add(codec);

    internal ImageCodec FindCodec(ReadOnlySpan<byte> encoded)
    {
        foreach (var codec in _codecs)
        {
            if (codec.Matches(encoded))
                return codec;
        }

        throw new UnknownImageFormatException(
            $"Image cannot be loaded: it is in none of the formats {string.Join(", ", ImageFormats.Select(format => format.Name))}.");
    }
}
