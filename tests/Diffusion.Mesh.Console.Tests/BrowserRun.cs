using System.Text.Json;
using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Console.Tests;

/// <summary>
/// One run of all scenarios (folder Browser) in a real browser, against <c>mesh serve</c> as a newcomer starts it, with one job at a time, and an orchestrator that
/// wants a key. Screenshots for the documentation are made where <c>MESH_SCREENSHOTS</c> names a folder.
/// </summary>
public sealed class BrowserRun : IAsyncLifetime
{
    public const string Collection = "console";

    private static readonly string Folder = Path.Combine(TestFolders.Repository, "tests", "Diffusion.Mesh.Console.Tests", "Browser");
    private static readonly string[] Quiet = ["--grpc", "127.0.0.1:0", "--health", "none", "--http", "127.0.0.1:0"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _errors = [];
    private string _said = "";
    private ChildProcess? _open;

    /// <summary>Where the server's console is, until the last test has ended.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The names of the scenarios, as their files list them.</summary>
    public static IEnumerable<string> Scenarios => Directory.EnumerateFiles(Folder, "*.mjs").SelectMany(file =>
        File.ReadLines(file).SkipWhile(line => line != "export const scenarios = [").Skip(1).TakeWhile(line => line != "];").Select(line => line.Trim(' ', ',')));

    /// <summary>What went wrong in a scenario; empty: nothing.</summary>
    public string Error(string scenario) => _errors.TryGetValue(scenario, out var error) ? error : $"It did not run. {_said}";

    public async Task InitializeAsync()
    {
        var browser = await DebianProgram.FindAsync("chromium", "chromium");
        await using var keys = DotNet.Start(Executables.Mesh, ["keys", "add", "--keys", _folder.File("keys.json"), "--tenant", "acme"]);
        Assert.Equal(0, await keys.Exit);
        string[] nobody = ["--text-encoder", "127.0.0.1:9", "--unet", "127.0.0.1:9", "--vae", "127.0.0.1:9"];
        _open = DotNet.Start(Executables.Mesh, ["serve", .. Quiet, "--running", "1"]);
        await using var locked = DotNet.Start(
            Executables.Mesh, ["serve", "--role", Roles.Orchestrator, .. Quiet, .. nobody, "--keys", _folder.File("keys.json"), "--anonymous", "never"]);
        (string, string)[] environment = Environment.GetEnvironmentVariable("MESH_SCREENSHOTS") is { Length: > 0 } pictures ? [("MESH_SCREENSHOTS", pictures)] : [];
        Address = new Uri(await AddressAsync(_open));

        await using var run = ChildProcess.Start(
            "node", [Path.Combine(Folder, "console.mjs"), Address.OriginalString, browser, await AddressAsync(locked), keys.Output.Trim()], environment);
        await run.Exit;
        _said = run.Error;
        foreach (var line in run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            _errors[json.RootElement.GetProperty("name").GetString()!] = json.RootElement.GetProperty("error").GetString()!;
        }
    }

    public async Task DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
        _folder.Dispose();
    }

    // What `mesh serve` tells a newcomer.
    private static async Task<string> AddressAsync(ChildProcess server) => (await server.ErrorLineAsync("Console at ")).Split("Console at ")[1].Trim();
}

[CollectionDefinition(BrowserRun.Collection)]
public sealed class BrowserRunDefinition : ICollectionFixture<BrowserRun>
{
}
