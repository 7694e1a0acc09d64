using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Console.Tests;

/// <summary>A Chromium, and the Node.js that drives it. A browser that is missing is installed, as root on Debian; elsewhere the tests fail and say so.</summary>
internal static class Chromium
{
    private const string Program = "chromium";
    private const string Driver = "node";

    // Without any the page's words would take no room.
    private const string Fonts = "fonts-dejavu-core";

    /// <summary>The browser's path.</summary>
    public static async Task<string> FindAsync()
    {
        if (OnPath(Driver) is null)
            throw new InvalidOperationException($"These tests need Node.js ({Driver}) on PATH.");
        if (OnPath(Program) is { } present)
            return present;
        var said = DebianPackages.CanInstall ? await DebianPackages.InstallAsync(Program, Fonts) : "";
        return OnPath(Program) ?? throw new InvalidOperationException($"These tests need {Program} on PATH; on Debian: apt-get install {Program}. {said}");
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
