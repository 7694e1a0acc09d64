using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Diffusion.Mesh.Testing;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Chaos;

/// <summary>A service in a process that can be killed, frozen and started again, behind a proxy that can be cut.</summary>
internal sealed class Service : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private const int Terminate = 15;

    private readonly string _assembly;
    private readonly string[] _options;
    private readonly int _port = FreePort();
    private readonly StreamWriter _log;
    private Process? _process;

    /// <param name="name">Its name, for the log.</param>
    /// <param name="logs">Where what it says is kept.</param>
    public Service(string name, string assembly, string logs, params string[] options)
    {
        (Name, _assembly, _options) = (name, assembly, options);
        _log = new StreamWriter(Path.Combine(logs, $"{name}.log")) { AutoFlush = true };
        Proxy = new Proxy(_port);
    }

    public string Name { get; }

    /// <summary>Hears every line that the service says.</summary>
    public Action<string>? Said { get; set; }

    public Proxy Proxy { get; }

    /// <summary>Starts it; it serves some time later.</summary>
    public void Start()
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, $"{_assembly}.dll"), "--grpc", $"127.0.0.1:{_port}", "--health", "none", "--name", Name,
                "--models", Path.Combine(TestFolders.Repository, "models"), .. _options,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Log(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until it serves.</summary>
    public async Task ReadyAsync()
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_port}");
        var health = new Health.HealthClient(channel);
        for (var attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                var answer = await health.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(2));
                if (answer.Status == HealthCheckResponse.Types.ServingStatus.Serving)
                    return;
            }
            catch (RpcException)
            {
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"{Name} does not come to serve.");
    }

    /// <summary>Ends it at once.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task DrainAsync()
    {
        Send(Terminate);
        await _process!.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>It hangs for a while, and comes back.</summary>
    public async Task FreezeAsync(TimeSpan time)
    {
        Send(Stop);
        await Task.Delay(time);
        Send(Continue);
    }

    /// <summary>Open handles and memory in bytes.</summary>
    public (int Handles, long Memory) Use()
    {
        _process!.Refresh();
        return (Directory.GetFiles($"/proc/{_process.Id}/fd").Length, _process.WorkingSet64);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        await Proxy.DisposeAsync();
        await _log.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Log(string? line)
    {
        if (line is null)
            return;
        lock (_log)
            _log.WriteLine(line);
        Said?.Invoke(line);
    }

    private void Send(int signal)
    {
        if (Kill(_process!.Id, signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent to {Name}.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
