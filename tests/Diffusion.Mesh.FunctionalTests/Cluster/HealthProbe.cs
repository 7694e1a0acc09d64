using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Asks a process how it is, as a probe does: by <c>grpc.health.v1</c> on its health port.</summary>
internal sealed class HealthProbe : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Health.HealthClient _client;

    public HealthProbe(Uri address)
    {
        Address = address;
        // Waiting for a process that is just starting should not cost more than its start.
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            InitialReconnectBackoff = TimeSpan.FromMilliseconds(20),
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(100),
        });
        _client = new Health.HealthClient(_channel);
    }

    public Uri Address { get; }

    public async Task<ServingStatus> CheckAsync(string service = "") =>
        (await _client.CheckAsync(new HealthCheckRequest { Service = service }, new CallOptions().WithWaitForReady())).Status;

    /// <summary>Its states from now on, as they change.</summary>
    public async IAsyncEnumerable<ServingStatus> WatchAsync(string service = "")
    {
        using var call = _client.Watch(new HealthCheckRequest { Service = service }, new CallOptions().WithWaitForReady());
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            yield return call.ResponseStream.Current.Status;
    }

    /// <summary>Waits until it serves.</summary>
    public async Task ServingAsync()
    {
        await foreach (var status in WatchAsync())
        {
            if (status == ServingStatus.Serving)
                return;
        }

        throw new InvalidOperationException("The process stopped before it served.");
    }

    public void Dispose() => _channel.Dispose();
}
