using System.Collections.Concurrent;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>The chart, rendered by helm as for a cluster.</summary>
internal static class Chart
{
    /// <summary>The oldest that all values of the matrix can be used with: image volumes came with it.</summary>
    private const string KubeVersion = "1.31.0";

    /// <summary>The files of values, which between them use everything that the chart has.</summary>
    public static readonly TheoryData<string> Matrix = ["default", "nvidia-keda", "hpa-fetch", "amd-image"];

    private static readonly ConcurrentDictionary<string, Task<Manifests>> _objects = new();

    /// <summary>Renders the chart into the namespace <c>pictures</c>, as the release <c>mesh</c>.</summary>
    /// <param name="values">A file of the folder <c>values</c>, without its extension.</param>
    /// <param name="settings">Single values, as <c>--set</c> takes them.</param>
    public static async Task<string> RenderAsync(string values, params string[] settings) =>
        (await TryRenderAsync(KubeVersion, ["--values", DeployFolders.Values(values), .. Set(settings)])).Succeeded();

    /// <summary>The objects of one file of values, read once.</summary>
    public static Task<Manifests> ObjectsAsync(string values) => _objects.GetOrAdd(values, async v => await Manifests.ReadAsync(await RenderAsync(v)));

    /// <summary>Has helm render, whatever comes of it.</summary>
    public static Task<ToolResult> TryRenderAsync(string kubeVersion, params IEnumerable<string> arguments) =>
        Tool.RunAsync(
            ClusterTools.Helm, ["template", "mesh", DeployFolders.Chart, "--namespace", "pictures", "--kube-version", kubeVersion, .. arguments]);

    /// <summary>Has helm refuse values.</summary>
    /// <returns>What it says.</returns>
    public static async Task<string> RefusalAsync(params string[] settings)
    {
        var result = await TryRenderAsync(KubeVersion, Set(settings));
        Assert.NotEqual(0, result.ExitCode);
        return result.Error;
    }

    private static IEnumerable<string> Set(string[] settings) => settings.SelectMany(s => new[] { "--set", s });
}
