namespace Diffusion.Mesh.FunctionalTests;

/// <summary>What <c>mesh generate</c> says to wishes that cannot be fulfilled.</summary>
public sealed class WrongRequestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Generate_SeveralWrongValues_Exit2NamingEveryOption()
    {
        var result = await GenerateAsync("--size", "100x64", "--steps", "0", "--sampler", "magic", "--guidance", "51", "--count", "17");

        AssertWrong(result, "--size, width: ", "--steps: ", "--sampler: ", "--guidance: ", "--count: ");
        Assert.DoesNotContain("height", result.Error);
    }

    [Theory]
    [InlineData("--model", "nobody", "There is no model 'nobody'")]
    [InlineData("--size", "large", "--size: 'large' is no size")]
    [InlineData("--steps", "many", "--steps: 'many'")]
    [InlineData("--seed", "-1", "--seed: '-1'")]
    [InlineData("--server", "ftp://there", "--server: 'ftp://there' is no address")]
    [InlineData("--colour", "red", "--colour")]
    public async Task Generate_WrongOption_Exit2NamingIt(string option, string value, string message) =>
        AssertWrong(await GenerateAsync(option, value), message);

    [Fact]
    public async Task Generate_NoOutput_Exit2NamingIt() =>
        AssertWrong(await Mesh.RunAsync("generate", "a blue square"), "--output");

    [Theory]
    [InlineData("a.gif", "must end in .png, .jpg or .webp")]
    [InlineData("missing/a.png", "cannot be written")]
    [InlineData("folder.png", "it is a folder")]
    public async Task Generate_UnusableOutput_Exit2TellingWhy(string name, string message)
    {
        Directory.CreateDirectory(_folder.File("folder.png"));

        var result = await Mesh.RunAsync("generate", "a blue square", "-o", _folder.File(name));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error);
        Assert.Equal(["folder.png"], _folder.Names);
    }

    [Fact]
    public async Task Generate_NobodyListens_Exit3NamingTheServer()
    {
        var address = $"127.0.0.1:{FreePort.Next()}";

        var result = await GenerateAsync("--server", address);

        Assert.Equal(3, result.ExitCode);
        Assert.Contains($"The server at {address} cannot be reached", result.Error);
        Assert.Empty(result.Output);
        Assert.Empty(_folder.Names);
    }

    public void Dispose() => _folder.Dispose();

    private Task<CommandResult> GenerateAsync(params string[] options) =>
        Mesh.RunAsync(["generate", "a blue square", "-o", _folder.File("a.png"), .. options]);

    private void AssertWrong(CommandResult result, params string[] messages)
    {
        Assert.Equal(2, result.ExitCode);
        Assert.All(messages, message => Assert.Contains(message, result.Error));
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Empty(result.Output);
        Assert.Empty(_folder.Names);
    }
}
