namespace Diffusion.Mesh.ServiceTests;

/// <summary>A test that starts services of its own: they are stopped at its end, and must not have logged an error.</summary>
public abstract class ServiceTest : IAsyncLifetime
{
    private readonly Stack<IAsyncDisposable> _started = new();

    private protected ErrorLog Log { get; } = new();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        while (_started.TryPop(out var service))
            await service.DisposeAsync();
        Log.AssertNoErrors();
    }

    /// <summary>Stops it after the test: what was started last goes first.</summary>
    private protected async Task<T> KeepAsync<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var service = await starting;
        _started.Push(service);
        return service;
    }
}
