namespace SixLabors.ImageSharp;

/// <summary>An image could not be read or written in its format.</summary>
public class ImageFormatException : Exception
{
    internal ImageFormatException(string errorMessage) : base(errorMessage)
    {
    }

    internal ImageFormatException(string errorMessage, Exception innerException) : base(errorMessage, innerException)
    {
    }
}
