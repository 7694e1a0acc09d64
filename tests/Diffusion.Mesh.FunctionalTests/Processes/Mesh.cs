namespace Diffusion.Mesh.FunctionalTests;

/// <summary>What a command came to.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Itself, where all went well.</summary>
    public CommandResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"Exit code {ExitCode}: {Output}{Error}");
        return this;
    }
}

/// <summary>The <c>mesh</c> command.</summary>
internal static class Mesh
{
    public static Task<CommandResult> RunAsync(params string[] arguments) => RunAsync([], arguments);

    public static async Task<CommandResult> RunAsync(IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        await using var process = DotNet.Start(Executables.Mesh, arguments, environment);
        return new CommandResult(await process.Exit, process.Output, process.Error);
    }

    /// <summary>Makes a picture in <paramref name="folder"/> and reads its file.</summary>
    public static async Task<byte[]> PictureAsync(TemporaryFolder folder, params string[] arguments)
    {
        var file = folder.File($"{Guid.NewGuid():n}.png");
        (await RunAsync(["generate", .. arguments, "-o", file])).Succeeded();
        return await System.IO.File.ReadAllBytesAsync(file);
    }
}
