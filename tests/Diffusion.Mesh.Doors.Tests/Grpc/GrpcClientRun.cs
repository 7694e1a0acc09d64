using System.Text.Json;
using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Doors.Tests.Grpc;

/// <summary>One run of all scenarios of this folder by <c>@grpc/grpc-js</c>.</summary>
public sealed class GrpcClientRun(DoorsCluster cluster) : IAsyncLifetime
{
    // Sixteen pictures of a thousand steps, after which nothing is left of it.
    private const double CostPerMinute = 16 * 1000 * 64 * 64;

    private readonly Dictionary<string, string> _errors = [];
    private string _said = "";

    private static string Folder => Path.Combine(TestFolders.Repository, "tests", "Diffusion.Mesh.Doors.Tests", "Grpc");

    /// <summary>The names of the scenarios, as their files list them.</summary>
    public static IEnumerable<string> Scenarios =>
    [
        .. new[] { "jobs", "failures", "metadata", "messages", "services" }.SelectMany(name => Listed(File.ReadAllText(Path.Combine(Folder, $"{name}.mjs")), name)), "everyMethodWasCalled",
    ];

    /// <summary>What went wrong in a scenario; empty: nothing.</summary>
    public string Error(string scenario) => _errors.TryGetValue(scenario, out var error) ? error : $"It did not run. {_said}";

    public async Task InitializeAsync()
    {
        string[] keys = [cluster.AddKey("node"), cluster.AddKey("stranger"), cluster.AddKey("limited", new Quotas { CostPerMinute = CostPerMinute })];
        // Servers look at the file every second.
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        await using var run = ChildProcess.Start("node", [Path.Combine(Folder, "run.mjs"), cluster.Grpc.Authority, cluster.Http.OriginalString, TestFolders.Repository, .. keys]);
        await run.Exit;
        _said = run.Error;
        foreach (var line in run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            _errors[json.RootElement.GetProperty("name").GetString()!] = json.RootElement.GetProperty("error").GetString()!;
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static string[] Listed(string file, string name)
    {
        var start = $"export const {name} = {{";
        var from = file.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return file[from..file.IndexOf('}', from)].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
