namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>The chart, rendered by helm as for a cluster.</summary>
internal static class Chart
{
    /// <summary>The oldest that all values of the matrix can be used with: image volumes came with it.</summary>
    private const string KubeVersion = "1.31.0";

    // Between them they use everything that the chart has.
    private static readonly string[] _names = ["default", "nvidia-keda", "hpa-fetch", "amd-image"];

    /// <summary>The files of the folder <c>values</c>.</summary>
    public static readonly TheoryData<string> Matrix = [.. _names];

    private static readonly Lazy<Task<Dictionary<string, (string Text, Manifests Objects)>>> _rendered = new(RenderMatrixAsync);

    /// <summary>What helm prints for a file of the folder <c>values</c>.</summary>
    public static async Task<string> TextAsync(string values) => (await _rendered.Value)[values].Text;

    /// <summary>The objects in it.</summary>
    public static async Task<Manifests> ObjectsAsync(string values) => (await _rendered.Value)[values].Objects;

    /// <summary>Has helm render for the namespace <c>pictures</c>, as the release <c>mesh</c>, whatever comes of it.</summary>
    public static Task<ToolResult> TryRenderAsync(string kubeVersion, params IEnumerable<string> arguments) =>
        Tool.RunAsync(
            ClusterTools.Helm, ["template", "mesh", DeployFolders.Chart, "--namespace", "pictures", "--kube-version", kubeVersion, .. arguments]);

    /// <summary>Has helm refuse values.</summary>
    /// <returns>What it says.</returns>
    public static async Task<string> RefusalAsync(params string[] settings)
    {
        var result = await TryRenderAsync(KubeVersion, settings.SelectMany(s => new[] { "--set", s }));
        Assert.NotEqual(0, result.ExitCode);
        return result.Error;
    }

    // Once for all tests.
    private static async Task<Dictionary<string, (string Text, Manifests Objects)>> RenderMatrixAsync()
    {
        var texts = new List<string>();
        foreach (var name in _names)
            texts.Add((await TryRenderAsync(KubeVersion, "--values", DeployFolders.Values(name))).Succeeded());
        var objects = await Manifests.ReadAsync([.. texts]);
        return _names.Select((name, i) => (name, texts[i], objects[i])).ToDictionary(r => r.name, r => (r.Item2, r.Item3));
    }
}
