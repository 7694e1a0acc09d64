using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Diffusion.Mesh.Testing;

/// <summary>
/// A real redis-server on a free port of the loopback interface, with nothing on disk unless the settings say so. Where there is none it is installed,
/// as root on Debian; elsewhere the tests fail and say so.
/// </summary>
public sealed partial class RedisServer
{
    private const string Program = "redis-server";
    private const int Attempts = 5;

    private readonly string[] _settings;
    private string _path = "";
    private DirectoryInfo? _folder;
    private Process? _process;

    public RedisServer()
        : this([])
    {
    }

    private RedisServer(string[] settings) => _settings = settings;

    /// <summary>HOST:PORT.</summary>
    public string Address => $"127.0.0.1:{Port}";

    public int Port { get; private set; }

    /// <summary>One with settings of its own, for example <c>--maxmemory 10mb</c> as two strings.</summary>
    public static RedisServer With(params string[] settings) => new(settings);

    /// <summary>One that keeps everything that it has answered, through kills and restarts.</summary>
    public static RedisServer Durable() => With("--appendonly", "yes", "--appendfsync", "always");

    public async Task InitializeAsync()
    {
        _path = await FindAsync();
        _folder = Directory.CreateTempSubdirectory("mesh-redis-");
        // Between choosing a free port and using it somebody else may take it.
        for (var attempt = 1; !await TryStartAsync(FreePort()); attempt++)
        {
            if (attempt == Attempts)
                throw new InvalidOperationException($"{_path} does not start; run it by hand to see why.");
        }
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
            await StopAsync();
        _folder?.Delete(recursive: true);
    }

    /// <summary>Kills it: everything that it kept is lost, unless it is durable.</summary>
    public async Task StopAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Lets it hang: connections stay, and nothing answers until <see cref="ResumeAsync"/>.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Goes on where it was paused.</summary>
    public Task ResumeAsync() => SignalAsync("CONT");

    /// <summary>Starts it again on the port that it had, empty unless it is durable.</summary>
    public async Task StartAgainAsync()
    {
        if (!await TryStartAsync(Port))
            throw new InvalidOperationException($"Port {Port} was taken meanwhile.");
    }

    private static async Task<string> FindAsync()
    {
        if (OnPath() is { } present)
            return present;
        var said = DebianPackages.CanInstall ? await DebianPackages.InstallAsync(Program) : "";
        return OnPath() ?? throw new InvalidOperationException(
            $"These tests need {Program} (Redis 7) on PATH; on Debian: apt-get install {Program}. {said}");
    }

    private static string? OnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task<bool> TryStartAsync(int port)
    {
        string[] arguments = ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder!.FullName, .. _settings];
        var process = Process.Start(new ProcessStartInfo(_path, arguments) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.Contains("Ready to accept connections", StringComparison.Ordinal))
                continue;
            // Read on, or it would stop at a full pipe.
            _ = process.StandardOutput.ReadToEndAsync();
            (_process, Port) = (process, port);
            return true;
        }

        process.Dispose();
        return false;
    }
}
