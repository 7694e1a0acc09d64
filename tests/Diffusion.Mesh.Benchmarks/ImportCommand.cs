using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>Runs <c>mesh import</c> as a process of its own.</summary>
internal static class ImportCommand
{
    /// <param name="checkpoint">Name of the real-size checkpoint.</param>
    /// <param name="folder">The model's folder, which must not be there.</param>
    public static async Task<(double Seconds, double PeakMiB)> RunAsync(string checkpoint, string folder, string type)
    {
        var file = RealSizeCheckpoint.Of(checkpoint);
        var tokenizer = Path.Combine(TestFolders.Shared, "goldens", "clip-tokenizer");
        var peak = 0.0;
        var seconds = await Timing.SecondsAsync(async () =>
        {
            using var process = MeshProcess.Start("mesh", "import", file, "-o", folder, "--dtype", type, "--tokenizer", tokenizer);
            peak = await PeakMemory.UntilExitAsync(process);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"mesh import of {file} ended with {process.ExitCode}.");
        });
        return (seconds, peak);
    }
}
