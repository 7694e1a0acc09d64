namespace SixLabors.ImageSharp.Processing;

/// <summary>The operations on one image, applied in the order in which they are called.</summary>
public interface IImageProcessingContext
{
    Configuration Configuration { get; }

    /// <summary>The size that the operations so far have led to.</summary>
    Size GetCurrentSize();
}
