namespace Grpc.Core.Interceptors;

/// <summary>Adds interceptors to channels.</summary>
public static class ChannelExtensions
{
    /// <summary>An invoker through this channel whose calls pass through <paramref name="interceptor"/> first.</summary>
    public static CallInvoker Intercept(this ChannelBase channel, Interceptor interceptor) =>
        channel.CreateCallInvoker().Intercept(interceptor);

    /// <summary>An invoker through this channel whose calls pass through the interceptors in the order given.</summary>
    public static CallInvoker Intercept(this ChannelBase channel, params Interceptor[] interceptors) =>
        channel.CreateCallInvoker().Intercept(interceptors);

    /// <summary>An invoker through this channel that sends the headers which <paramref name="interceptor"/> makes.</summary>
    public static CallInvoker Intercept(this ChannelBase channel, Func<Metadata, Metadata> interceptor) =>
        channel.CreateCallInvoker().Intercept(interceptor);
}
