namespace Grpc.Core;

/// <summary>Adds a caller's proof of identity to the headers of calls.</summary>
public abstract class CallCredentials
{
    /// <summary>Credentials that apply each of these in turn.</summary>
    public static CallCredentials Compose(params CallCredentials[] credentials) => new Composite(credentials);

    /// <summary>Credentials that let this delegate add headers.</summary>
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor) => new FromDelegate(interceptor);

    /// <summary>Hands the content to a client implementation.</summary>
    public abstract void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object? state);

    private sealed class Composite : CallCredentials
    {
        private readonly IReadOnlyList<CallCredentials> _credentials;

        public Composite(CallCredentials[] credentials)
        {
            ArgumentNullException.ThrowIfNull(credentials);
            ArgumentOutOfRangeException.ThrowIfLessThan(credentials.Length, 2, nameof(credentials));
            _credentials = [.. credentials];
        }

        public override void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetCompositeCredentials(state, _credentials);
    }

    private sealed class FromDelegate : CallCredentials
    {
        private readonly AsyncAuthInterceptor _interceptor;

        public FromDelegate(AsyncAuthInterceptor interceptor)
        {
            ArgumentNullException.ThrowIfNull(interceptor);
            _interceptor = interceptor;
        }

        public override void InternalPopulateConfiguration(CallCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetAsyncAuthInterceptorCredentials(state, _interceptor);
    }
}

/// <summary>Receives the content of <see cref="CallCredentials"/>; for client implementations.</summary>
public abstract class CallCredentialsConfiguratorBase
{
    /// <summary>Receives a composition.</summary>
    public abstract void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials);

    /// <summary>Receives a delegate.</summary>
    public abstract void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor);
}
