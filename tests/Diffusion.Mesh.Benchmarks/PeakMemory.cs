using System.Diagnostics;
using System.Globalization;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>The most memory that a process held at once, as the system counts it.</summary>
internal static class PeakMemory
{
    private const string Field = "VmHWM:";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for a process to end.</summary>
    /// <returns>MiB that were resident at most; what was mapped from files and touched counts too.</returns>
    public static async Task<double> UntilExitAsync(Process process)
    {
        var peak = 0.0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Read(process.Id));
            await Task.Delay(Interval);
        }

        return peak;
    }

    private static double Read(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line[Field.Length..^2], CultureInfo.InvariantCulture) / 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended between two looks.
            return 0;
        }
    }
}
