namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Adds PNG to a configuration.</summary>
public sealed class PngConfigurationModule : IImageFormatConfigurationModule
{
    public void Configure(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Add(new PngCodec());
    }
}
