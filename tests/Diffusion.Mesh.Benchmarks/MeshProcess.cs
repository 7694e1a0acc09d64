using System.Diagnostics;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>Starts the project's executables, which stand beside this one.</summary>
internal static class MeshProcess
{
    public static Process Start(string assembly, params string[] arguments) => Start([], assembly, arguments);

    /// <param name="environment">Variables besides our own.</param>
    public static Process Start(IEnumerable<(string Name, string Value)> environment, string assembly, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        // Unread pipes fill up and stop the process.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
