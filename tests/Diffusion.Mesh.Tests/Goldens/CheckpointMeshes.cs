namespace Diffusion.Mesh.Tests;

/// <summary>A mesh for each checkpoint, made when its first call comes: one that cannot be imported fails its own tests only.</summary>
public sealed class CheckpointMeshes : IAsyncLifetime
{
    private readonly Dictionary<string, Task<CheckpointMesh>> _meshes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var mesh in _meshes.Values.Where(mesh => mesh.IsCompletedSuccessfully))
            await (await mesh).DisposeAsync();
    }

    /// <summary>The checkpoint's mesh; tests of a class come one after the other.</summary>
    internal Task<CheckpointMesh> OfAsync(string family)
    {
        if (!_meshes.TryGetValue(family, out var mesh))
            _meshes.Add(family, mesh = CheckpointMesh.StartAsync(GoldenFolder.Checkpoint(family)));
        return mesh;
    }
}
