namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Adds JPEG to a configuration.</summary>
public sealed class JpegConfigurationModule : IImageFormatConfigurationModule
{
    public void Configure(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Add(new JpegCodec());
    }
}
