namespace Diffusion.Mesh.Testing;

/// <summary>Where tests find what they read. A folder that is named but not there is an error, not a reason to skip.</summary>
internal static class TestFolders
{
    public const string GoldensVariable = "MESH_GOLDENS";
    public const string SharedVariable = "MESH_SHARED";

    private const string RepositoryMark = "Diffusion.Mesh.sln";

    /// <summary>Golden numbers: <c>MESH_GOLDENS</c>, else the copy beside the tests.</summary>
    public static string Goldens => Existing(Variable(GoldensVariable) ?? Path.Combine(AppContext.BaseDirectory, "goldens"));

    /// <summary>Golden numbers that are too large for a copy: <c>MESH_GOLDENS</c>, else those of <c>MESH_SHARED</c>; null where neither is set.</summary>
    public static string? LargeGoldens => Variable(GoldensVariable) is { } named ? Existing(named) : HasShared ? Existing(Path.Combine(Shared, "goldens")) : null;

    /// <summary>Whether <c>MESH_SHARED</c> names a folder.</summary>
    public static bool HasShared => Variable(SharedVariable) is not null;

    /// <summary>The folder <c>MESH_SHARED</c>; its <c>goldens/</c> holds what must not be copied into the repository.</summary>
    public static string Shared =>
        Existing(Variable(SharedVariable) ?? throw new InvalidOperationException($"{SharedVariable} is not set."));

    /// <summary>The repository's root.</summary>
    public static string Repository
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, RepositoryMark)))
                    return folder.FullName;
            }

            throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds {RepositoryMark}.");
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Existing(string folder) =>
        Directory.Exists(folder) ? folder : throw new DirectoryNotFoundException($"There is no folder {folder}.");
}
