using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Fuzz;

/// <summary>The target as its parent sees it.</summary>
internal sealed class TargetProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<(long Managed, long Resident)> _memory = Channel.CreateUnbounded<(long, long)>();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _lastWords = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TargetProcess(Process process) => _process = process;

    public Server Server { get; private set; } = null!;

    public bool IsAlive => !_process.HasExited;

    /// <summary>What it said when it ended.</summary>
    public string LastWords => $"exit code {_process.ExitCode}: {string.Join('\n', _lastWords)}";

    /// <param name="redis">Address of the Redis that jobs are kept in; null: in memory.</param>
    public static async Task<TargetProcess> StartAsync(string? redis, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(TargetProcess).Assembly.Location, TargetHost.Command, .. redis is null ? Array.Empty<string>() : [redis]])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var target = new TargetProcess(Process.Start(start)!);
        target._process.OutputDataReceived += (_, line) => target.Hear(line.Data);
        target._process.ErrorDataReceived += (_, line) => target.Remember(line.Data);
        target._process.BeginOutputReadLine();
        target._process.BeginErrorReadLine();
        var ends = target._process.WaitForExitAsync(cancellation);
        if (await Task.WhenAny(target._ready.Task, ends) == ends)
            throw new InvalidOperationException($"The services do not start; {target.LastWords}");
        target.Server = await ConnectAsync((await target._ready.Task).Split(' '), cancellation);
        return target;
    }

    /// <summary>Errors that were logged since it was last asked.</summary>
    public IEnumerable<string> TakeErrors()
    {
        while (_errors.TryDequeue(out var error))
            yield return error;
    }

    /// <summary>Managed and resident memory in bytes, after everything that is not in use was collected.</summary>
    public async Task<(long Managed, long Resident)> MemoryAsync(CancellationToken cancellation)
    {
        await _process.StandardInput.WriteLineAsync("memory".AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        return await _memory.Reader.ReadAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Server?.Dispose();
        if (IsAlive)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<Server> ConnectAsync(string[] words, CancellationToken cancellation)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, PooledConnectionLifetime = TimeSpan.FromSeconds(20) };
        using var channel = GrpcChannel.ForAddress(words[0]);
        var key = new Metadata { { "x-api-key", words[6] } };
        var models = await new Generation.GenerationClient(channel).ListModelsAsync(new ListModelsRequest(), key, cancellationToken: cancellation);
        return new Server(new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan })
        {
            Grpc = new Uri(words[0]),
            Http = new Uri(words[1]),
            TextEncoder = new Uri(words[2]),
            Unet = new Uri(words[3]),
            Vae = new Uri(words[4]),
            Scaler = new Uri(words[5]),
            Key = words[6],
            Revision = models.Models.Single().Revision,
        };
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        if (line.StartsWith(TargetHost.Ready, StringComparison.Ordinal))
            _ready.TrySetResult(line[TargetHost.Ready.Length..]);
        else if (line.StartsWith(TargetHost.Error, StringComparison.Ordinal))
            _errors.Enqueue(line[TargetHost.Error.Length..]);
        else if (line.StartsWith(TargetHost.Memory, StringComparison.Ordinal))
            _memory.Writer.TryWrite(Numbers(line[TargetHost.Memory.Length..].Split(' ')));
        else
            Remember(line);
    }

    private void Remember(string? line)
    {
        if (line is null)
            return;
        _lastWords.Enqueue(line);
        if (_lastWords.Count > 50)
            _lastWords.TryDequeue(out _);
    }

    private static (long Managed, long Resident) Numbers(string[] words) =>
        (long.Parse(words[0], CultureInfo.InvariantCulture), long.Parse(words[1], CultureInfo.InvariantCulture));
}
