namespace SixLabors.ImageSharp;

/// <summary>Makes a copy that shares nothing changeable with the original.</summary>
public interface IDeepCloneable
{
    IDeepCloneable DeepClone();
}

/// <inheritdoc cref="IDeepCloneable"/>
/// <typeparam name="T">The type of the copy.</typeparam>
public interface IDeepCloneable<out T>
    where T : class
{
    T DeepClone();
}
