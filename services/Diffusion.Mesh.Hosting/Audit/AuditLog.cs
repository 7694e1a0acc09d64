using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Keeps the audit log: in the file of <c>--audit-log</c>, or as category <c>Diffusion.Mesh.Audit</c> of the other logs. Who writes never waits: lines wait for the disk, and
/// what there is no room for is counted, and told in the log once there is.
/// </summary>
public sealed partial class AuditLog(ServiceOptions options, TimeProvider time, ILoggerFactory loggers) : BackgroundService
{
    /// <summary>Category of its lines among the other logs.</summary>
    public const string Category = "Diffusion.Mesh.Audit";

    private const int MaxWaiting = 10_000;
    private const int MaxBatch = 1 << 20;

    // A disk that is full is tried again this often.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ILogger _lines = loggers.CreateLogger(Category);
    private readonly ILogger _logger = loggers.CreateLogger<AuditLog>();
    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private long _lost;

    /// <summary>Takes a line down.</summary>
    public void Write(AuditEntry entry)
    {
        var line = entry.Line();
        if (options.AuditLog is null)
            LogLine(_lines, Encoding.UTF8.GetString(line));
        else if (!_waiting.Writer.TryWrite(line))
            Interlocked.Increment(ref _lost);
    }

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.AuditLog is not { } path)
            return;
        using var batch = new MemoryStream();
        // To the end of what waits, also when it is to stop.
        while (await _waiting.Reader.WaitToReadAsync(CancellationToken.None))
        {
            batch.SetLength(0);
            while (batch.Length < MaxBatch && _waiting.Reader.TryRead(out var line))
                Add(batch, line);
            var lost = Interlocked.Exchange(ref _lost, 0);
            if (lost > 0)
                Add(batch, new AuditEntry(time.GetUtcNow(), "lost") { Count = lost }.Line());
            await AppendAsync(path, batch, stoppingToken);
        }

        if (Interlocked.Read(ref _lost) is > 0 and var more)
            LogLost(_logger, more);
    }

    private static void Add(MemoryStream batch, byte[] line)
    {
        batch.Write(line);
        batch.WriteByte((byte)'\n');
    }

    private async Task AppendAsync(string path, MemoryStream batch, CancellationToken stop)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await AuditFile.AppendAsync(path, batch.GetBuffer().AsMemory(0, (int)batch.Length));
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (isFirst)
                    LogAway(_logger, e.Message);
                if (stop.IsCancellationRequested)
                {
                    LogGivenUp(_logger, batch.Length);
                    return;
                }

                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(66, LogLevel.Information, "{Line}")]
    private static partial void LogLine(ILogger logger, string line);

    [LoggerMessage(67, LogLevel.Warning, "The audit log cannot be written, and is tried again each second: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(68, LogLevel.Error, "The audit log could not be written before the end: {Bytes} bytes of it are lost")]
    private static partial void LogGivenUp(ILogger logger, long bytes);

    [LoggerMessage(69, LogLevel.Error, "{Count} lines of the audit log are lost")]
    private static partial void LogLost(ILogger logger, long count);
}
