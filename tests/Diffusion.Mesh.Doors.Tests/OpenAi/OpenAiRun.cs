using System.Text.Json;
using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.Testing;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace Diffusion.Mesh.Doors.Tests.OpenAi;

/// <summary>One run of all scenarios (openai.mjs) with OpenAI's own client, against the cluster, and an orchestrator whose workers are away.</summary>
public sealed class OpenAiRun(DoorsCluster cluster) : IAsyncLifetime
{
    public const int Side = 64;

    private static readonly string Script = Path.Combine(TestFolders.Repository, "tests", "Diffusion.Mesh.Doors.Tests", "OpenAi", "openai.mjs");
    private static readonly string[] Nobody = ["--text-encoder", "127.0.0.1:9", "--unet", "127.0.0.1:9", "--vae", "127.0.0.1:9", "--timeout", "2"];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, JsonElement> _lines = [];
    private string _said = "";

    /// <summary>The key whose jobs the client leaves.</summary>
    public string LeaverKey { get; private set; } = "";

    /// <summary>What a scenario saw; one that went wrong fails.</summary>
    public JsonElement Saw(string scenario)
    {
        Assert.True(_lines.TryGetValue(scenario, out var line), $"It did not run. {_said}");
        Assert.False(line.TryGetProperty("error", out var error), $"{error}");
        return line.GetProperty("saw");
    }

    public async Task InitializeAsync()
    {
        LeaverKey = cluster.AddKey("leaver");
        await using var alone = DotNet.Start(
            Executables.Mesh, ["serve", "--role", "orchestrator", "--grpc", "127.0.0.1:0", "--health", "none", "--http", "127.0.0.1:0", .. Nobody]);
        var settings = new Dictionary<string, string>
        {
            ["http"] = cluster.Http.GetLeftPart(UriPartial.Authority),
            ["alone"] = new Uri((await alone.ErrorLineAsync("Console at ")).Split("Console at ")[1].Trim()).GetLeftPart(UriPartial.Authority),
            ["key"] = cluster.AddKey("acme"),
            ["otherModelsKey"] = cluster.AddKey("picky", models: "another"),
            ["poorKey"] = cluster.AddKey("poor", new Quotas { CostPerMinute = 1 }),
            ["leaverKey"] = LeaverKey,
            ["image"] = Write("image.png", (_, _) => new Rgba32(255, 0, 0, 255)),
            // White, and transparent on the right.
            ["mask"] = Write("mask.png", (x, _) => new Rgba32(255, 255, 255, x < Side / 2 ? (byte)255 : (byte)0)),
        };
        await File.WriteAllTextAsync(_folder.File("settings.json"), JsonSerializer.Serialize(settings));
        await using var run = ChildProcess.Start("node", [Script, _folder.File("settings.json")]);
        await run.Exit;
        _said = run.Error;
        foreach (var line in run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var json = JsonDocument.Parse(line).RootElement;
            _lines[json.GetProperty("name").GetString()!] = json;
        }
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    private string Write(string name, Func<int, int, Rgba32> pixel)
    {
        using var image = new Image<Rgba32>(Side, Side);
        for (var i = 0; i < Side * Side; i++)
            image[i % Side, i / Side] = pixel(i % Side, i / Side);
        using var file = File.Create(_folder.File(name));
        image.SaveAsPng(file);
        return _folder.File(name);
    }
}
