namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>Adds WebP to a configuration.</summary>
public sealed class WebpConfigurationModule : IImageFormatConfigurationModule
{
    public void Configure(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Add(new WebpCodec());
    }
}
