using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Tests;

/// <summary>A model with a list of what its files are is loaded only as it says.</summary>
public sealed class ModelManifestTests : IDisposable
{
    private readonly ModelCopy _copy = new();

    [Fact]
    public void Read_FilesAsListed_IsRead()
    {
        _copy.Sum();

        Assert.Equal("shapes", ModelFolder.Read(_copy.Folder).Name);
    }

    [Fact]
    public void Read_AnotherFile_NamesIt()
    {
        _copy.Sum();
        var bytes = _copy.Read("unet/model.onnx");
        bytes[^1] ^= 1;
        _copy.Write("unet/model.onnx", bytes);

        AssertNames("unet/model.onnx", "is not the file");
    }

    [Fact]
    public void Read_UnlistedFile_NamesIt()
    {
        _copy.Sum();
        _copy.Write("unet/more.bin", "x");

        AssertNames("unet/more.bin", "is not listed");
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        _copy.Sum();
        _copy.Delete("mesh.json");

        AssertNames("mesh.json", "is missing");
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("/etc/passwd")]
    [InlineData("unet//model.onnx")]
    [InlineData("")]
    public void Read_PathThatIsNoneInside_IsBroken(string path)
    {
        _copy.Write(ModelManifest.File, $"{new string('0', 64)}  {path}\n");

        AssertNames(ModelManifest.File, "line 1");
    }

    [Fact]
    public void CheckPart_FileReplacedAfterTheFolderWasRead_NamesIt()
    {
        _copy.Sum();
        var manifest = ModelManifest.Read("shapes", _copy.Folder)!;
        manifest.CheckFolder();
        manifest.CheckPart("unet");
        _copy.Write("unet/model.onnx", "other");

        var error = Assert.Throws<ModelFormatException>(() => manifest.CheckPart("unet"));

        Assert.Equal("unet/model.onnx", error.Part);
    }

    public void Dispose() => _copy.Dispose();

    private void AssertNames(string part, string problem)
    {
        var error = Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_copy.Folder));

        Assert.Equal(part, error.Part);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }
}
