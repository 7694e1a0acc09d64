using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Import.Tests;

/// <summary>The tiny checkpoints, which are no part of the repository.</summary>
internal static class TinyCheckpoints
{
    public static string Folder(string family) => Path.Combine(TestFolders.Shared, "goldens", "checkpoints", family, "folder");

    public static string Single(string family) => Path.Combine(TestFolders.Shared, "goldens", "checkpoints", family, "single.safetensors");
}
