namespace SixLabors.ImageSharp.Formats;

/// <summary>Names an image format.</summary>
public interface IImageFormat
{
    string Name { get; }

    string DefaultMimeType { get; }

    IEnumerable<string> MimeTypes { get; }

    /// <summary>Without the leading dot.</summary>
    IEnumerable<string> FileExtensions { get; }
}

/// <summary>A format with metadata of its own.</summary>
/// <typeparam name="TFormatMetadata">The metadata of one image in this format.</typeparam>
public interface IImageFormat<out TFormatMetadata> : IImageFormat
    where TFormatMetadata : class
{
    TFormatMetadata CreateDefaultFormatMetadata();
}
