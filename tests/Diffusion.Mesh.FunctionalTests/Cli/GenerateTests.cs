namespace Diffusion.Mesh.FunctionalTests;

/// <summary><c>mesh generate</c> with everything in its own process.</summary>
public sealed class GenerateTests : IDisposable
{
    private static readonly string[] Wish = ["generate", "a blue square", "--seed", "5", "--steps", "3"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Generate_Count3_NumberedFilesAndNothingButPathsOnOutput()
    {
        var result = (await Mesh.RunAsync([.. Wish, "--count", "3", "-o", _folder.File("a.png")])).Succeeded();

        string[] names = ["a-1.png", "a-2.png", "a-3.png"];
        Assert.Equal(names.Select(_folder.File), result.Lines);
        Assert.Equal(names, _folder.Names);
        Assert.Equal(3, names.Select(n => Convert.ToBase64String(File.ReadAllBytes(_folder.File(n)))).Distinct().Count());
        Assert.Matches(@"seed 5, \d+\.\d+ s, \d+\.\d steps/s", result.Error);
    }

    [Fact]
    public async Task Generate_Png_TextTellsHowToMakeItAgain()
    {
        var png = PngFile.Read(await Mesh.PictureAsync(
            _folder, "a blue square", "--negative", "red", "--seed", "5", "--steps", "3", "--sampler", "euler", "--guidance", "4.5", "--size", "128x64"));

        Assert.Equal((128, 64), (png.Width, png.Height));
        Assert.Equal("a blue square", png.Text["prompt"]);
        Assert.Equal("red", png.Text["negative_prompt"]);
        Assert.Equal("5", png.Text["seed"]);
        Assert.Equal("3", png.Text["steps"]);
        Assert.Equal("euler", png.Text["sampler"]);
        Assert.Equal("4.5", png.Text["guidance_scale"]);
        Assert.Equal("shapes", png.Text["model"]);
        Assert.Equal("128x64", png.Text["size"]);
    }

    [Fact]
    public async Task Generate_NoMetadata_NoTextInFile()
    {
        var png = PngFile.Read(await Mesh.PictureAsync(_folder, "a blue square", "--steps", "2", "--no-metadata"));

        Assert.Empty(png.Text);
    }

    [Fact]
    public async Task Generate_ModelByFolder_SameBytesAsByName()
    {
        string[] wish = ["a blue square", "--seed", "5", "--steps", "2", "--model"];

        Assert.Equal(
            await Mesh.PictureAsync(_folder, [.. wish, "shapes"]),
            await Mesh.PictureAsync(_folder, [.. wish, Path.Combine("models", "shapes")]));
    }

    [Theory]
    [InlineData("a.jpg", new byte[] { 0xFF, 0xD8, 0xFF })]
    [InlineData("a.webp", new byte[] { (byte)'R', (byte)'I', (byte)'F', (byte)'F' })]
    public async Task Generate_OtherExtension_FileOfThatFormat(string name, byte[] beginning)
    {
        (await Mesh.RunAsync([.. Wish, "-o", _folder.File(name)])).Succeeded();

        Assert.Equal(beginning, File.ReadAllBytes(_folder.File(name))[..beginning.Length]);
    }

    [Fact]
    public async Task Generate_InterruptedInOwnProcess_Exit130AndNoFile()
    {
        using var watcher = new FileSystemWatcher(_folder.Path) { EnableRaisingEvents = true };
        var begun = new TaskCompletionSource();
        watcher.Created += (_, _) => begun.TrySetResult();
        await using var mesh = DotNet.StartInterruptible(
            Executables.Mesh, ["generate", "a blue square", "--steps", "1000", "-o", _folder.File("a.png")]);
        Assert.Equal(begun.Task, await Task.WhenAny(begun.Task, mesh.Exit));

        mesh.Interrupt();

        Assert.Equal(130, await mesh.Exit);
        Assert.Empty(mesh.Output);
        Assert.Empty(_folder.Names);
    }

    public void Dispose() => _folder.Dispose();
}
