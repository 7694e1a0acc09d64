namespace Diffusion.Mesh.Testing;

/// <summary>
/// A theory over goldens that are too large for a copy: skipped, with the reason, where neither <c>MESH_GOLDENS</c> nor <c>MESH_SHARED</c> is set.
/// Put <c>[Trait("Category", "Shared")]</c> beside it.
/// </summary>
internal sealed class LargeGoldensTheoryAttribute : Xunit.TheoryAttribute
{
    public LargeGoldensTheoryAttribute()
    {
        if (TestFolders.LargeGoldens is null)
            Skip = $"Neither {TestFolders.GoldensVariable} nor {TestFolders.SharedVariable} is set: they name the folders of what is not in the repository.";
    }
}
