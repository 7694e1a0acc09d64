namespace Diffusion.Mesh.Unet.Tests;

/// <summary>A folder that is gone with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mesh-unet-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
