namespace Diffusion.Mesh.Testing;

/// <summary>
/// A fact for which gigabytes are written and read: run by hand, with <c>MESH_LARGE=1</c> beside <c>MESH_SHARED</c>.
/// Put <c>[Trait("Category", "Large")]</c> beside it.
/// </summary>
internal sealed class LargeFactAttribute : Xunit.FactAttribute
{
    public LargeFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("MESH_LARGE") is not { Length: > 0 } || !TestFolders.HasShared)
            Skip = $"It writes and reads gigabytes: set MESH_LARGE=1 and {TestFolders.SharedVariable} to run it.";
    }
}
