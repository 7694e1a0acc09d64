namespace Grpc.Core;

/// <summary>What the four kinds of client calls have in common.</summary>
internal readonly struct AsyncCallState(
    Func<object, Task<Metadata>> responseHeadersAsync,
    Func<object, Status> getStatus,
    Func<object, Metadata> getTrailers,
    Action<object> dispose,
    object state)
{
    public AsyncCallState(Task<Metadata> responseHeadersAsync, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
        : this(
            static s => ((Stateless)s).Headers,
            static s => ((Stateless)s).GetStatus(),
            static s => ((Stateless)s).GetTrailers(),
            static s => ((Stateless)s).Dispose(),
            new Stateless(responseHeadersAsync, getStatus, getTrailers, dispose))
    {
    }

    public Task<Metadata> ResponseHeadersAsync() => responseHeadersAsync(state);

    public Status GetStatus() => getStatus(state);

    public Metadata GetTrailers() => getTrailers(state);

    public void Dispose() => dispose(state);

    private sealed record Stateless(Task<Metadata> Headers, Func<Status> GetStatus, Func<Metadata> GetTrailers, Action Dispose);
}
