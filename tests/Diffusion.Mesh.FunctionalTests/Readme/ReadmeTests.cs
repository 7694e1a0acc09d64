using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>What the README tells a newcomer to type, typed. Only folders for files, ports and the builds' configuration are changed.</summary>
public sealed class ReadmeTests : IDisposable
{
    private static readonly Dictionary<string, int> Ports = new()
    {
        ["Diffusion.Mesh.TextEncoder"] = 7410,
        ["Diffusion.Mesh.Unet"] = 7420,
        ["Diffusion.Mesh.Vae"] = 7430,
        ["Diffusion.Mesh.Orchestrator"] = 7400,
    };

    private static readonly string[] _files = ["-o", "--source", "--like"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task FirstCommand_AsWritten_WritesAPicture()
    {
        var command = Readme.Commands("Two commands")[0];
        Assert.Equal(["dotnet", "run", "--project", "services/Diffusion.Mesh.Cli", "--"], command[..5]);

        (await Mesh.RunAsync(InFolder(command[5..]))).Succeeded();

        Assert.Equal(128, PngFile.Read(File.ReadAllBytes(_folder.File("circle.png"))).Width);
    }

    [Fact]
    public async Task Examples_AsWritten_Work()
    {
        var commands = Readme.Commands("The mesh command");
        Assert.NotEmpty(commands);

        foreach (var command in commands.Where(c => c[1] != "serve"))
        {
            Assert.Equal("mesh", command[0]);
            (await Mesh.RunAsync(InFolder(command[1..]))).Succeeded();
        }

        Assert.Equal(["best.png", "cross.png", "pink.png", "star-1.png", "star-2.png", "variation.png"], _folder.Names);
    }

    [Fact]
    public async Task Cluster_AsWritten_MakesThePictureOfTheEmbeddedDefault()
    {
        await using var redis = await Redis.StartAsync();
        var ports = new ReadmePorts();
        var started = new List<ChildProcess>();
        try
        {
            var commands = Readme.Commands("The real cluster on one machine").Where(c => c[0] == "dotnet" && c[1] != "build").ToArray();
            Assert.Equal(Ports.Count + 1, commands.Length);
            foreach (var command in commands[..^1])
                started.Add(await StartAsync(command, ports, redis));

            string[] generate = InFolder([.. commands[^1][2..].Select(ports.Replace)]);
            (await Mesh.RunAsync([.. generate, "--seed", "1"])).Succeeded();

            var prompt = commands[^1][3];
            Assert.Equal(await Mesh.PictureAsync(_folder, prompt, "--seed", "1"), File.ReadAllBytes(_folder.File("ring.png")));
        }
        finally
        {
            foreach (var process in started)
                await process.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<ChildProcess> StartAsync(string[] command, ReadmePorts ports, RedisServer redis)
    {
        var name = Path.GetFileNameWithoutExtension(command[1]);
        var options = command[2..].Select(w => w == "127.0.0.1:6379" ? redis.Address : ports.Replace(w));
        var process = DotNet.Start(Executables.Named(name), options, ports.Listeners(Ports[name]));
        using var probe = new HealthProbe(new Uri($"http://{ports.Address(Ports[name] + 1)}"));
        var serving = probe.ServingAsync();
        Assert.True(await Task.WhenAny(serving, process.Exit) == serving, process.Error);
        await serving;
        return process;
    }

    // Files go to the test's folder; the model of one's own is the default one.
    private string[] InFolder(string[] arguments) =>
    [
        .. arguments.Select((word, i) => i > 0 && _files.Contains(arguments[i - 1]) ? _folder.File(word) : word == "path/to/a/model" ? "models/shapes" : word),
    ];
}
