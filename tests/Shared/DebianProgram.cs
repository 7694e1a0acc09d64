namespace Diffusion.Mesh.Testing;

/// <summary>A program that tests run. Where there is none it is installed, as root on Debian; elsewhere the tests fail and say so.</summary>
internal static class DebianProgram
{
    /// <param name="program">Name on PATH.</param>
    /// <param name="package">Debian's package that has it.</param>
    /// <returns>Its path.</returns>
    public static async Task<string> FindAsync(string program, string package)
    {
        if (OnPath(program) is { } present)
            return present;
        var said = DebianPackages.CanInstall ? await DebianPackages.InstallAsync(package) : "";
        return OnPath(program) ?? throw new InvalidOperationException(
            $"These tests need {program} on PATH; on Debian: apt-get install {package}. {said}");
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
