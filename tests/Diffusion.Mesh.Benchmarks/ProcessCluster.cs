using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Diffusion.Mesh.Testing;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>The four services as processes on loopback; of orchestrators there can be several over the same workers.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private readonly List<Process> _processes = [];
    private readonly (string Name, string Value)[] _environment;
    private readonly string[] _workers;

    private ProcessCluster((string Name, string Value)[] environment, string[] workers) => (_environment, _workers) = (environment, workers);

    /// <summary>The first orchestrator.</summary>
    public required Uri Address { get; init; }

    /// <param name="options">Options of the first orchestrator.</param>
    public static Task<ProcessCluster> StartAsync(params string[] options) => StartAsync([], options);

    /// <param name="environment">Variables of every process.</param>
    /// <param name="options">Options of the first orchestrator.</param>
    public static async Task<ProcessCluster> StartAsync((string Name, string Value)[] environment, params string[] options)
    {
        var ports = FreePorts(4);
        var cluster = new ProcessCluster(
            environment,
            ["--text-encoder", $"127.0.0.1:{ports[0]}", "--unet", $"127.0.0.1:{ports[1]}", "--vae", $"127.0.0.1:{ports[2]}"])
        {
            Address = new Uri($"http://127.0.0.1:{ports[3]}"),
        };
        cluster._processes.Add(MeshProcess.Start(environment, "Diffusion.Mesh.TextEncoder", Common(ports[0])));
        cluster._processes.Add(MeshProcess.Start(environment, "Diffusion.Mesh.Unet", Common(ports[1])));
        cluster._processes.Add(MeshProcess.Start(environment, "Diffusion.Mesh.Vae", Common(ports[2])));
        cluster.StartOrchestrator(ports[3], options);
        foreach (var port in ports)
            await ReadyAsync(port);
        return cluster;
    }

    /// <summary>Processor time that all of its processes took so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _processes.ForEach(process => process.Refresh());
            return TimeSpan.FromTicks(_processes.Sum(process => process.TotalProcessorTime.Ticks));
        }
    }

    /// <summary>Starts one more orchestrator over the same workers.</summary>
    public async Task<Uri> AddOrchestratorAsync(params string[] options)
    {
        var port = FreePorts(1)[0];
        StartOrchestrator(port, options);
        await ReadyAsync(port);
        return new Uri($"http://127.0.0.1:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private static string[] Common(int port) =>
        ["--grpc", $"127.0.0.1:{port}", "--health", "none", "--models", Path.Combine(TestFolders.Repository, "models")];

    private void StartOrchestrator(int port, string[] options) => _processes.Add(
        MeshProcess.Start(_environment, "Diffusion.Mesh.Orchestrator", [.. Common(port), "--http", "none", .. _workers, .. options]));

    /// <summary>Waits until a service serves.</summary>
    public static async Task ReadyAsync(int port)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        var health = new Health.HealthClient(channel);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if ((await health.CheckAsync(new HealthCheckRequest())).Status == HealthCheckResponse.Types.ServingStatus.Serving)
                    return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && attempt < 1200)
            {
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Ports that are free now.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, l => l.Start());
        var ports = Array.ConvertAll(listeners, l => ((IPEndPoint)l.LocalEndpoint).Port);
        Array.ForEach(listeners, l => l.Stop());
        return ports;
    }
}
