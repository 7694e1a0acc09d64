using System.Diagnostics;

namespace Diffusion.Mesh.Tests;

/// <summary>A copy of the default model, alone in a folder of models, that a test may break.</summary>
internal sealed class ModelCopy : IDisposable
{
    public const string Name = "shapes";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mesh-models-");

    public ModelCopy() => ModelLinks.Make(Path.Combine(MeshFixture.ModelsRoot, Name), Folder);

    /// <summary>The folder of models.</summary>
    public string Root => _root.FullName;

    /// <summary>The model's folder.</summary>
    public string Folder => Path.Combine(Root, Name);

    /// <summary>Every file in a part's folder, as a path inside the model's folder.</summary>
    public IEnumerable<string> PartFiles =>
        Directory.EnumerateDirectories(Folder).SelectMany(part => Directory.EnumerateFiles(part)).Select(file => Path.GetRelativePath(Folder, file));

    public byte[] Read(string path) => File.ReadAllBytes(Path.Combine(Folder, path));

    /// <summary>Replaces a file; the original behind the link stays as it is.</summary>
    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, path))!);
        Delete(path);
        File.WriteAllBytes(Path.Combine(Folder, path), bytes);
    }

    public void Write(string path, string text) => Write(path, System.Text.Encoding.UTF8.GetBytes(text));

    public void Delete(string path) => File.Delete(Path.Combine(Folder, path));

    /// <summary>Writes the model's manifest, as the documentation has it.</summary>
    public void Sum()
    {
        const string command = "find -L . -type f ! -name SHA256SUMS ! -path '*/.*' -exec sha256sum {} + > SHA256SUMS && sha256sum --quiet -c SHA256SUMS";
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = Folder })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    public void Dispose() => _root.Delete(recursive: true);
}
