namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>The weight of a pixel by its distance.</summary>
public interface IResampler
{
    /// <summary>The distance, in pixels of the coarser grid, beyond which pixels have no weight.</summary>
    float Radius { get; }

    float GetValue(float x);
}
