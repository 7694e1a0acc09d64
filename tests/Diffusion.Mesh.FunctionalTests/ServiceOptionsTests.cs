using System.Net;
using System.Net.Sockets;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>What services say to options that they cannot start with.</summary>
public sealed class ServiceOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Start_SeveralWrongOptions_Exit2NamingEveryOne()
    {
        var result = await RunAsync(Roles.Orchestrator, "--drain", "0", "--running", "-3", "--provider", "tpu", "--unet", "127.0.0.1:1");

        AssertFailed(2, result, "--drain must be", "--running must be", "--provider must be", "--text-encoder must name", "--vae must name");
        Assert.DoesNotContain("--unet must", result.Error);
    }

    [Fact]
    public async Task Start_SeveralUnreadableOptions_Exit2NamingEveryOne()
    {
        var result = await RunAsync(Roles.Unet, "--grpc", "here", "--threads", "many", "--batching", "maybe", "--colour", "red");

        AssertFailed(2, result, "--grpc: HOST:PORT is expected", "--threads: ", "--batching: on or off is expected", "--colour");
    }

    [Fact]
    public async Task Start_WrongBatchingOptions_Exit2NamingEveryOne()
    {
        string[] options = ["--batching", "off", "--same-bits", "off", "--max-rows", "1", "--pass-limit", "0", "--short-work-weight", "0.5"];

        AssertFailed(2, await RunAsync(Roles.Unet, options), "--max-rows must be", "--pass-limit must be", "--short-work-weight must be");
    }

    [Fact]
    public async Task Start_WrongVariable_Exit2NamingIt()
    {
        await using var process = DotNet.Start(Executables.Of(Roles.Unet), [], ("MESH_DRAIN", "soon"));

        Assert.Equal(2, await process.Exit);
        Assert.Contains("MESH_DRAIN: ", process.Error);
    }

    [Fact]
    public async Task Start_OptionsByVariables_AreTaken()
    {
        var (grpc, health) = (FreePort.Next(), FreePort.Next());
        string[] encoders = [$"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}"];
        await using var process = DotNet.Start(
            Executables.Of(Roles.Orchestrator),
            [],
            ("MESH_GRPC", $"127.0.0.1:{grpc}"),
            ("MESH_HEALTH", $"127.0.0.1:{health}"),
            ("MESH_HTTP", "none"),
            ("MESH_TEXT_ENCODER", string.Join(", ", encoders)),
            ("MESH_UNET", "127.0.0.1:1"),
            ("MESH_VAE", "127.0.0.1:1"));
        using var probe = new HealthProbe(new Uri($"http://127.0.0.1:{health}"));
        await probe.ServingAsync();

        var result = await Mesh.RunAsync("generate", "a red circle", "-o", _folder.File("a.png"), "--server", $"127.0.0.1:{grpc}");

        AssertFailed(3, result, encoders);
    }

    [Fact]
    public async Task Start_PortInUse_Exit3NamingIt()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = other.LocalEndpoint.ToString()!;

        AssertFailed(3, await RunAsync(Roles.Vae, "--grpc", address, "--health", "none"), address);
        AssertFailed(3, await Mesh.RunAsync("serve", "--grpc", address, "--health", "none", "--http", "none"), address);
    }

    [Fact]
    public async Task Start_RedisThatEvicts_Exit3SayingWhatToSet()
    {
        await using var redis = RedisServer.With("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        await redis.InitializeAsync();

        var result = await RunAsync(
            Roles.Orchestrator, "--redis", redis.Address, "--grpc", $"127.0.0.1:{FreePort.Next()}", "--health", "none", "--http", "none",
            "--unet", "127.0.0.1:1", "--text-encoder", "127.0.0.1:1", "--vae", "127.0.0.1:1");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("noeviction", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Fact]
    public async Task Start_BrokenFileOfKeys_Exit2NamingIt()
    {
        File.WriteAllText(_folder.File("keys.json"), "{");

        AssertFailed(
            2,
            await RunAsync(
                Roles.Orchestrator, "--keys", _folder.File("keys.json"), "--unet", "127.0.0.1:1", "--text-encoder", "127.0.0.1:1", "--vae", "127.0.0.1:1"),
            "--keys: ",
            _folder.File("keys.json"));
    }

    [Fact]
    public async Task Start_NoModelFolder_Exit2NamingIt()
    {
        AssertFailed(2, await RunAsync(Roles.Vae, "--models", _folder.File("none")), _folder.File("none"));
        AssertFailed(2, await Mesh.RunAsync("serve", "--models", _folder.Path), _folder.Path);
    }

    [Theory]
    [InlineData(Roles.Unet, "unet/model.onnx")]
    [InlineData(Roles.TextEncoder, "tokenizer/merges.txt")]
    [InlineData(Roles.All, "scheduler/scheduler_config.json")]
    public async Task Start_MissingPart_Exit2NamingIt(string role, string part)
    {
        File.Delete(Part(part));

        AssertFailed(2, await RunAsync(role, "--models", _folder.Path), $"Model 'shapes': {part} is missing");
    }

    [Theory]
    [InlineData(Roles.Unet, 3)]
    [InlineData(Roles.All, 2)]
    public async Task Start_BrokenGraph_FailsNamingIt(string role, int code)
    {
        File.WriteAllText(Part("unet/model.onnx"), "no graph");

        AssertFailed(code, await RunAsync(role, "--models", _folder.Path), "Model 'shapes': unet/model.onnx is broken");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<CommandResult> RunAsync(string role, params string[] options)
    {
        if (role == Roles.All)
            return await Mesh.RunAsync(["serve", .. options]);
        await using var process = DotNet.Start(Executables.Of(role), options);
        return new CommandResult(await process.Exit, process.Output, process.Error);
    }

    private static void AssertFailed(int code, CommandResult result, params string[] messages)
    {
        Assert.Equal(code, result.ExitCode);
        Assert.All(messages, message => Assert.Contains(message, result.Error));
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Empty(result.Output);
    }

    // A copy of the default model, and the path of one of its files.
    private string Part(string path)
    {
        var source = Path.Combine(TestFolders.Repository, "models", "shapes");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = _folder.File(Path.Combine("shapes", Path.GetRelativePath(source, file)));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return _folder.File(Path.Combine("shapes", path));
    }
}
