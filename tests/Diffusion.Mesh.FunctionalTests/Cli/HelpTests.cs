namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Pages of help, and lists.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("--help", "generate", "serve", "models", "tokenize")]
    [InlineData("generate --help", "--output", "--model", "--steps", "--guidance", "--negative", "--seed", "--sampler", "--size", "--count", "--server")]
    [InlineData("serve --help", "--role", "--grpc", "--health", "--http", "--models", "--unet", "--redis", "MESH_REDIS")]
    [InlineData("models --help", "--models")]
    [InlineData("tokenize --help", "--model", "TEXT")]
    public async Task Help_EachCommand_TellsItsOptions(string arguments, params string[] words)
    {
        var result = (await Mesh.RunAsync(arguments.Split(' '))).Succeeded();

        Assert.All(words, word => Assert.Contains(word, result.Output));
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData(Roles.TextEncoder, "7410")]
    [InlineData(Roles.Unet, "7420")]
    [InlineData(Roles.Vae, "7430")]
    [InlineData(Roles.Orchestrator, "7400")]
    public async Task Help_EachRole_SameOptionsByExecutableAndByMesh(string role, string port)
    {
        await using var executable = DotNet.Start(Executables.Of(role), ["--help"]);
        Assert.Equal(0, await executable.Exit);
        var mesh = (await Mesh.RunAsync("serve", "--role", role, "--help")).Succeeded();

        Assert.Contains($"http://127.0.0.1:{port}]", executable.Output);
        // The column of descriptions may differ; what they say may not.
        var said = OptionsOf(mesh.Output);
        Assert.All(OptionsOf(executable.Output), option => Assert.Contains(option, said));
    }

    [Fact]
    public async Task Mesh_NothingButItsName_TellsTheCommands() =>
        Assert.Contains("generate", (await Mesh.RunAsync()).Succeeded().Output);

    [Fact]
    public async Task Models_DefaultFolder_ListsTheDefaultModel()
    {
        var result = (await Mesh.RunAsync("models")).Succeeded();

        Assert.Contains(result.Lines, line => line.StartsWith("shapes ", StringComparison.Ordinal) && line.Contains("128x128"));
    }

    [Fact]
    public async Task Models_FolderByVariable_IsTaken()
    {
        var result = await Mesh.RunAsync([("MESH_MODELS", "/nowhere")], "models");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("'/nowhere' does not exist", result.Error);
    }

    private static string[] OptionsOf(string help) =>
    [
        .. help.Split('\n').Where(l => l.StartsWith("  --", StringComparison.Ordinal) && !l.Contains("--version"))
            .Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))),
    ];
}
