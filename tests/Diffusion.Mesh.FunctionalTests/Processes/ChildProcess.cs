using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A process of this test with everything it writes. It ends with the test.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    // Only so that a hanging process fails its test rather than the whole run.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Append(_output, e.Data);
        _process.ErrorDataReceived += (_, e) => Append(_error, e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exit = ExitAsync();
    }

    /// <summary>Its exit code, once it has ended and all of its output was read.</summary>
    public Task<int> Exit { get; }

    public string Output
    {
        get
        {
            lock (_lock)
                return _output.ToString();
        }
    }

    public string Error
    {
        get
        {
            lock (_lock)
                return _error.ToString();
        }
    }

    /// <summary>Starts a program. What concerns this project in the tests' own environment does not reach it.</summary>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Testing.TestFolders.Repository,
        };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("MESH_", StringComparison.Ordinal) || n.StartsWith("OTEL_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ChildProcess(start);
    }

    /// <summary>Waits for a line of standard error with these words in it.</summary>
    public async Task<string> ErrorLineAsync(string words)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Array.Find(_error.ToString().Split('\n'), l => l.Contains(words, StringComparison.Ordinal)) is { } line)
                    return line;
                changed = _changed.Task;
            }

            if (await Task.WhenAny(changed, Exit).WaitAsync(Patience) == Exit && !Error.Contains(words, StringComparison.Ordinal))
                throw new InvalidOperationException($"It ended with code {await Exit} and never said '{words}':\n{Error}");
        }
    }

    /// <summary>Asks it to stop, as an orchestrator of containers does.</summary>
    public void Terminate() => Signal(15);

    /// <summary>Ctrl+C.</summary>
    public void Interrupt() => Signal(2);

    /// <summary>Ends it at once: it gets to do nothing any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Exit;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await Exit;
        _process.Dispose();
    }

    private async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
            throw new TimeoutException($"It did not end; it said:\n{Output}{Error}");
        }

        return _process.ExitCode;
    }

    private void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (_lock)
        {
            text.Append(line).Append('\n');
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Signal(int number)
    {
        if (Kill(_process.Id, number) != 0)
            throw new InvalidOperationException($"Signal {number} could not be sent (errno {Marshal.GetLastPInvokeError()}).");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
