using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary><c>mesh import</c>; what it makes of checkpoints the importer's own tests go through.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SharedFact]
    [Trait("Category", "Shared")]
    public async Task Import_Float16_IsAboutHalfAsLarge()
    {
        var full = await SizeAsync("float32");
        var half = await SizeAsync("float16");

        Assert.InRange((double)half / full, 0.4, 0.7);
    }

    [Fact]
    public async Task Import_UnknownType_Exit2NamingTheOption()
    {
        var result = await Mesh.RunAsync("import", "nothing.safetensors", "--dtype", "int8", "-o", _folder.File("m"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--dtype", result.Error);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<long> SizeAsync(string type)
    {
        var source = Path.Combine(TestFolders.Shared, "goldens", "checkpoints", "sd15", "folder");
        var model = _folder.File(type);
        (await Mesh.RunAsync("import", source, "--dtype", type, "-o", model)).Succeeded();
        return new DirectoryInfo(model).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
    }
}
