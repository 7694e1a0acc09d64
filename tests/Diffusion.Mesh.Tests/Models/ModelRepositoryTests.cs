using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Tests;

/// <summary>The repository opens what its root lists, and nothing beside it.</summary>
public sealed class ModelRepositoryTests : IDisposable
{
    private readonly ModelCopy _copy = new();

    [Fact]
    public void Open_NoNames_OpensEveryModel()
    {
        Directory.CreateDirectory(Path.Combine(_copy.Root, "no-model"));
        var repository = ModelRepository.Open(_copy.Root, []);

        Assert.Equal(ModelCopy.Name, Assert.Single(repository.Models).Name);
        Assert.Same(repository.Models.Single(), repository.Find(ModelCopy.Name));
    }

    [Theory]
    [InlineData("../shapes")]
    [InlineData("./shapes")]
    [InlineData("shapes/")]
    [InlineData("shapes/../shapes")]
    [InlineData("SHAPES")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public void Open_NameThatIsNoFolderOfTheRoot_IsRefused(string name)
    {
        // A model beside the root that a path could lead to.
        var root = Directory.CreateDirectory(Path.Combine(_copy.Root, "inner"));
        Directory.CreateSymbolicLink(Path.Combine(root.FullName, "shapes"), _copy.Folder);

        var error = Assert.Throws<ModelRootException>(() => ModelRepository.Open(root.FullName, [name]));

        Assert.Contains("There is no model", error.Message);
        Assert.Null(ModelRepository.Open(root.FullName, []).Find(name));
    }

    [Fact]
    public void Open_AbsolutePath_IsRefused() =>
        Assert.Throws<ModelRootException>(() => ModelRepository.Open(_copy.Root, [_copy.Folder]));

    [Fact]
    public void Open_RootMissingOrEmpty_SaysSo()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_copy.Root, "empty")).FullName;

        Assert.Contains("does not exist", Assert.Throws<ModelRootException>(() => ModelRepository.Open(Path.Combine(empty, "none"), [])).Message);
        Assert.Contains("has no model", Assert.Throws<ModelRootException>(() => ModelRepository.Open(empty, [])).Message);
    }

    [Fact]
    public void Open_OneModelBroken_NamesModelAndPart()
    {
        _copy.Delete("unet/config.json");

        Assert.Equal("unet/config.json", Assert.Throws<ModelFormatException>(() => ModelRepository.Open(_copy.Root, [])).Part);
    }

    public void Dispose() => _copy.Dispose();
}
