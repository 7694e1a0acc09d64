using System.Diagnostics;
using System.Globalization;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>A UNet worker as a process on loopback, and a client of it.</summary>
internal sealed class UnetProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly GrpcChannel _channel;
    private readonly V1.Unet.UnetClient _client;
    private int _jobs;

    private UnetProcess(Process process, int port)
    {
        _process = process;
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}", new GrpcChannelOptions { MaxReceiveMessageSize = null });
        _client = new V1.Unet.UnetClient(_channel);
    }

    /// <summary>Memory of the process in bytes.</summary>
    public long Memory
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
    }

    /// <param name="models">The folder of model folders.</param>
    public static async Task<UnetProcess> StartAsync(string models, params string[] options)
    {
        var port = ProcessCluster.FreePorts(1)[0];
        var process = MeshProcess.Start(
            "Diffusion.Mesh.Unet", ["--grpc", $"127.0.0.1:{port}", "--health", "none", "--models", models, .. options]);
        await ProcessCluster.ReadyAsync(port);
        return new UnetProcess(process, port);
    }

    /// <summary>Runs a job to its end.</summary>
    public async Task DenoiseAsync(DenoiseJob template, CancellationToken cancellation = default)
    {
        var job = template.Clone();
        job.JobId = $"benchmark-{Interlocked.Increment(ref _jobs)}";
        using var call = _client.Denoise(cancellationToken: cancellation);
        await call.RequestStream.WriteAsync(new DenoiseRequest { Job = job }, cancellation);
        DenoiseResponse? last = null;
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellation))
        {
            last = response;
            // Servers bear only so many streams whose other half stays open.
            if (last.Denoised is not null)
                await call.RequestStream.CompleteAsync();
        }

        if (last?.Denoised is null)
            throw new InvalidOperationException("The job did not end with latents.");
    }

    /// <summary>Has clients make pictures, each one after the other.</summary>
    /// <returns>Pictures per second.</returns>
    public async Task<double> ThroughputAsync(DenoiseJob job, int clients, int picturesEach)
    {
        var seconds = await Timing.SecondsAsync(() => Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            for (var i = 0; i < picturesEach; i++)
                await DenoiseAsync(job);
        })));
        return clients * picturesEach / seconds;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
