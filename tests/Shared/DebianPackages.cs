using System.Diagnostics;

namespace Diffusion.Mesh.Testing;

/// <summary>Puts programs and libraries on the machine where a test may: as root on Debian.</summary>
internal static class DebianPackages
{
    private const string AptGet = "/usr/bin/apt-get";

    public static bool CanInstall => Environment.UserName == "root" && File.Exists(AptGet);

    /// <summary>Installs packages, one test process at a time.</summary>
    /// <returns>What apt-get said, for a test's message.</returns>
    public static async Task<string> InstallAsync(params string[] packages)
    {
        using var turn = await TakeTurnAsync();
        return await RunAsync("update", "-qq") + await RunAsync(["install", "-qq", "-y", "--no-install-recommends", .. packages]);
    }

    // apt-get waits for no other apt-get: it fails.
    private static async Task<FileStream> TakeTurnAsync()
    {
        var path = Path.Combine(Path.GetTempPath(), "diffusion-mesh-apt.lock");
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(AptGet, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A package that brings a service must not start it.
        start.Environment["RUNLEVEL"] = "1";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? "" : $"apt-get {arguments[0]}: {string.Concat(said)} ";
    }
}
