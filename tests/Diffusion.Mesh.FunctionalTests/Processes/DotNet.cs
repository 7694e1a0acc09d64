namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Runs built assemblies.</summary>
internal static class DotNet
{
    private static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";

    public static ChildProcess Start(string assembly, IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment) =>
        ChildProcess.Start(Host, [assembly, .. arguments], environment);

    /// <summary>As from a terminal: a run in a shell's background would hand down that Ctrl+C is ignored.</summary>
    public static ChildProcess StartInterruptible(string assembly, IEnumerable<string> arguments) =>
        ChildProcess.Start("env", ["--default-signal=INT", Host, assembly, .. arguments]);
}
