using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Diffusion.Mesh.Testing;

/// <summary>A real redis-server on a free loopback port, without persistence. Where there is none it is installed if that can
/// be done, and else the test fails: it is not a reason to skip.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const string Program = "redis-server";
    private const string ReadyLine = "Ready to accept connections";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-redis-").FullName;
    private readonly int _port = FreePort();
    private Process? _process;

    private RedisServer()
    {
    }

    /// <summary>HOST:PORT.</summary>
    public string Address => $"127.0.0.1:{_port}";

    /// <summary>Starts a server and waits until it takes connections.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        try
        {
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Starts it again, empty, under the same address.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunAsync()
    {
        string[] arguments = ["--bind", "127.0.0.1", "--port", $"{_port}", "--dir", _folder, "--save", "", "--appendonly", "no"];
        var process = await StartAsync(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true });
        _process = process;
        using var patience = new CancellationTokenSource(Patience);
        var log = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            log.Add(line);
            if (!line.Contains(ReadyLine, StringComparison.Ordinal))
                continue;
            // Read on, so that its log never fills the pipe.
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return;
        }

        throw new InvalidOperationException($"{Program} ended before it was ready:{Environment.NewLine}{string.Join(Environment.NewLine, log)}");
    }

    private static async Task<Process> StartAsync(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception) when (DebianPackages.CanInstall)
        {
            return StartInstalled(start, await DebianPackages.InstallAsync(Program));
        }
        catch (Win32Exception e)
        {
            throw Missing(e, "");
        }
    }

    private static Process StartInstalled(ProcessStartInfo start, string said)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw Missing(e, said);
        }
    }

    private static InvalidOperationException Missing(Win32Exception error, string said) => new(
        $"{Program} is needed on PATH for this test and cannot be started (Debian: apt-get install {Program}): {error.Message} {said}", error);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
