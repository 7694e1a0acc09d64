using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>Clients of an orchestrator that generate one picture after the other, each with a prompt of its own.</summary>
/// <param name="server">The orchestrator.</param>
/// <param name="key">The API key; null: none.</param>
internal sealed class GenerationLoad(Uri server, string? key = null) : IDisposable
{
    private const int Steps = 20;

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(server);
    private int _pictures;

    /// <summary>Makes a picture.</summary>
    public async Task GenerateAsync(CancellationToken cancellation = default)
    {
        var number = Interlocked.Increment(ref _pictures);
        var request = new GenerateRequest
        {
            Prompt = $"a red circle on a white background {number % 8}",
            Seed = (ulong)number,
            GuidanceScale = 4,
            Schedule = new Schedule { Steps = Steps },
        };
        var metadata = key is null ? [] : new Metadata { { "authorization", $"Bearer {key}" } };
        using var call = new Generation.GenerationClient(_channel).Generate(request, metadata, cancellationToken: cancellation);
        GenerateEvent? last = null;
        await foreach (var next in call.ResponseStream.ReadAllAsync(cancellation))
            last = next;
        if (last?.Done is null)
            throw new InvalidOperationException("The generation did not end with 'done'.");
    }

    /// <returns>Pictures per second.</returns>
    public async Task<double> ThroughputAsync(int clients, int picturesEach)
    {
        var seconds = await Timing.SecondsAsync(() => Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            for (var i = 0; i < picturesEach; i++)
                await GenerateAsync();
        })));
        return clients * picturesEach / seconds;
    }

    /// <summary>One client after the other.</summary>
    /// <returns>Seconds of each picture.</returns>
    public async Task<List<double>> LatenciesAsync(int pictures)
    {
        var latencies = new List<double>();
        for (var i = 0; i < pictures; i++)
            latencies.Add(await Timing.SecondsAsync(() => GenerateAsync()));
        return latencies;
    }

    /// <summary>Keeps so many clients at work until told to stop.</summary>
    public async Task FloodAsync(int clients, CancellationToken stop) => await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await GenerateAsync(stop);
            }
            catch (Exception e) when (e is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } && stop.IsCancellationRequested)
            {
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted)
            {
                // A flood does not wait as long as it is told to.
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }));

    public void Dispose() => _channel.Dispose();
}
