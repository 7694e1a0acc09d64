namespace Diffusion.Mesh.Tests;

/// <summary>A mesh for each family, started when its first call comes: a family that cannot be loaded fails its own tests only.</summary>
public sealed class FamilyMeshes : IAsyncLifetime
{
    private readonly Dictionary<string, Task<FamilyMesh>> _meshes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var mesh in _meshes.Values.Where(mesh => mesh.IsCompletedSuccessfully))
            await (await mesh).DisposeAsync();
    }

    /// <summary>The family's mesh; tests of a class come one after the other.</summary>
    internal Task<FamilyMesh> OfAsync(string family)
    {
        if (!_meshes.TryGetValue(family, out var mesh))
            _meshes.Add(family, mesh = FamilyMesh.StartAsync(GoldenFolder.Family(family)));
        return mesh;
    }
}
