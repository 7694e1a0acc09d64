namespace Diffusion.Mesh.Tests;

/// <summary>Tests that share one running mesh; they run one after the other, each with every core.</summary>
[CollectionDefinition(Name)]
public sealed class MeshCollection : ICollectionFixture<MeshFixture>
{
    public const string Name = "Mesh";
}
