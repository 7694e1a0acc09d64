using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Watches the first streaming call that a service gets, other than for its load.</summary>
internal sealed class CallWatch : Interceptor
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>There has been a call.</summary>
    public bool HasBegun => _begun.Task.IsCompleted;

    /// <summary>The service knows that the caller is gone.</summary>
    public Task Cancelled => _cancelled.Task.WaitAsync(Patience.Time);

    /// <summary>The service's work for the call is over.</summary>
    public Task Ended => _ended.Task.WaitAsync(Patience.Time);

    public void Attach(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(this);
        builder.Services.AddGrpc(options => options.Interceptors.Add<CallWatch>());
    }

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        WatchAsync(context, () => continuation(request, responseStream, context));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        WatchAsync(context, () => continuation(requestStream, responseStream, context));

    private async Task WatchAsync(ServerCallContext context, Func<Task> call)
    {
        if (context.Method.EndsWith("/WatchLoad", StringComparison.Ordinal))
        {
            await call();
            return;
        }

        _begun.TrySetResult();
        // Callbacks run last in, first out: by now whoever registered later has been told.
        using var registration = context.CancellationToken.Register(() => _cancelled.TrySetResult());
        try
        {
            await call();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }
}
