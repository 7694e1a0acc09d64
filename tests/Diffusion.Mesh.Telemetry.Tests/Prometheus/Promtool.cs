using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>Prometheus' own tool, and the server that comes with it.</summary>
internal static class Promtool
{
    private const string Package = "prometheus";

    public static Task<string> FindAsync(string program) => DebianProgram.FindAsync(program, Package);

    /// <summary>Runs it, and fails with what it said where it does.</summary>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        await using var process = ChildProcess.Start(await FindAsync("promtool"), arguments);
        var code = await process.Exit;
        Assert.True(code == 0, $"promtool {string.Join(' ', arguments)} ended with code {code}:\n{process.Output}{process.Error}");
        return process.Output;
    }
}
