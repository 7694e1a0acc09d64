namespace SixLabors.ImageSharp;

/// <summary>The bytes start like none of the configured formats.</summary>
public sealed class UnknownImageFormatException : ImageFormatException
{
    public UnknownImageFormatException(string errorMessage) : base(errorMessage)
    {
    }
}
