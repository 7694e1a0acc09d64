namespace Grpc.Core;

/// <summary>What a child call inherits.</summary>
public class ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
{
    /// <summary>Inherit both.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Whether the child has the parent's deadline.</summary>
    public bool IsPropagateDeadline => propagateDeadline;

    /// <summary>Whether cancelling the parent cancels the child.</summary>
    public bool IsPropagateCancellation => propagateCancellation;
}

/// <summary>Lets a client's call inherit from the server's call during which it is made. Only implementations make tokens.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
