namespace Diffusion.Mesh.Testing;

/// <summary>
/// A fact that needs material outside the repository: skipped, with the reason, where <c>MESH_SHARED</c> is not set.
/// Put <c>[Trait("Category", "Shared")]</c> beside it.
/// </summary>
internal sealed class SharedFactAttribute : Xunit.FactAttribute
{
    public SharedFactAttribute()
    {
        if (!TestFolders.HasShared)
            Skip = $"{TestFolders.SharedVariable} is not set: it names the folder whose goldens/ holds what is not in the repository.";
    }
}
