namespace Diffusion.Mesh.State.Tests;

/// <summary>What every job store does. Each test has a store of its own.</summary>
public abstract partial class JobStoreContract : IAsyncLifetime
{
    private protected abstract IJobStore Store { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();
}
