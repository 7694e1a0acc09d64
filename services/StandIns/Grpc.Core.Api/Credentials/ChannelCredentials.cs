namespace Grpc.Core;

/// <summary>How a channel secures its connections.</summary>
public abstract class ChannelCredentials
{
    /// <summary>No security.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>TLS with the machine's root certificates.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    internal virtual bool IsComposable => false;

    /// <summary>Channel credentials whose calls carry call credentials.</summary>
    /// <exception cref="ArgumentException">The channel's credentials are composed already, or insecure.</exception>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials) =>
        new CompositeCredentials(channelCredentials, callCredentials);

    /// <summary>Hands the content to a client implementation.</summary>
    public abstract void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state);

    private sealed class InsecureCredentials : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
            configurator.SetInsecureCredentials(state);
    }

    private sealed class CompositeCredentials : ChannelCredentials
    {
        private readonly ChannelCredentials _channel;
        private readonly CallCredentials _call;

        public CompositeCredentials(ChannelCredentials channel, CallCredentials call)
        {
            ArgumentNullException.ThrowIfNull(channel);
            ArgumentNullException.ThrowIfNull(call);
            if (!channel.IsComposable)
            {
                throw new ArgumentException($"CallCredentials can't be composed with {channel.GetType().Name}. " +
                    "CallCredentials must be used with secure channel credentials like SslCredentials.");
            }

            _channel = channel;
            _call = call;
        }

        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object state) =>
            configurator.SetCompositeCredentials(state, _channel, _call);
    }
}

/// <summary>Receives the content of <see cref="ChannelCredentials"/>; for client implementations.</summary>
public abstract class ChannelCredentialsConfiguratorBase
{
    /// <summary>Receives no security.</summary>
    public abstract void SetInsecureCredentials(object state);

    /// <summary>Receives TLS.</summary>
    public abstract void SetSslCredentials(
        object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback);

    /// <summary>Receives a composition.</summary>
    public abstract void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials);
}
