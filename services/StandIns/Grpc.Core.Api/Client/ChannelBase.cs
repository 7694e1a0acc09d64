namespace Grpc.Core;

/// <summary>A connection, or several, to a target.</summary>
public abstract class ChannelBase
{
    /// <summary>Makes a channel to this target.</summary>
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    /// <summary>The target.</summary>
    public string Target { get; }

    /// <summary>An invoker of calls through this channel.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Closes the channel.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Closes the channel; nothing to do by default.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
