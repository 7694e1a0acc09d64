namespace Diffusion.Mesh.FunctionalTests;

/// <summary>The four services, each its own executable, as the README starts them.</summary>
internal sealed class MeshCluster : IAsyncDisposable
{
    private MeshCluster(ServiceProcess textEncoder, ServiceProcess[] unets, ServiceProcess vae, ServiceProcess[] orchestrators) =>
        (TextEncoder, Unets, Vae, Orchestrators) = (textEncoder, unets, vae, orchestrators);

    public ServiceProcess TextEncoder { get; }

    public IReadOnlyList<ServiceProcess> Unets { get; }

    public ServiceProcess Vae { get; }

    public IReadOnlyList<ServiceProcess> Orchestrators { get; }

    public ServiceProcess Orchestrator => Orchestrators[0];

    public IEnumerable<ServiceProcess> Services => [.. Orchestrators, TextEncoder, .. Unets, Vae];

    /// <summary>Where <c>mesh generate --server</c> goes.</summary>
    public string Server => Orchestrator.Grpc.OriginalString;

    /// <summary>Starts them and waits until they serve.</summary>
    /// <param name="unets">How many UNet workers; they are named unet-0, unet-1, ...</param>
    /// <param name="redis">HOST:PORT; null: the cache is in memory.</param>
    /// <param name="environment">Variables for every process.</param>
    public static Task<MeshCluster> StartAsync(int unets = 1, string? redis = null, params (string Name, string Value)[] environment) =>
        StartAsync(unets, orchestrators: 1, redis, environment);

    /// <summary>Starts one with several orchestrators, which take over from each other after two seconds.</summary>
    public static Task<MeshCluster> StartAsync(string redis, int orchestrators, params (string Name, string Value)[] environment) =>
        StartAsync(unets: 1, orchestrators, redis, [("MESH_LEASE", "2"), .. environment]);

    private static async Task<MeshCluster> StartAsync(int unets, int orchestrators, string? redis, params (string Name, string Value)[] environment)
    {
        // On two cores the services start no sooner side by side.
        var textEncoder = await ServiceProcess.StartAsync(Roles.TextEncoder, [], environment);
        var workers = new List<ServiceProcess>();
        for (var i = 0; i < unets; i++)
            workers.Add(await ServiceProcess.StartAsync(Roles.Unet, ["--name", $"unet-{i}"], environment));
        var vae = await ServiceProcess.StartAsync(Roles.Vae, [], environment);
        var addresses = Addresses(textEncoder, workers, vae);
        string[] cache = redis is null ? [] : ["--redis", redis];
        var edges = new List<ServiceProcess>();
        for (var i = 0; i < orchestrators; i++)
            edges.Add(await ServiceProcess.StartAsync(Roles.Orchestrator, [.. addresses, .. cache], environment));
        return new MeshCluster(textEncoder, [.. workers], vae, [.. edges]);
    }

    /// <summary>Stops them all in good order.</summary>
    /// <param name="dead">What the test has killed.</param>
    public async Task StopAsync(ServiceProcess? dead = null)
    {
        foreach (var service in Services.Where(s => s != dead))
        {
            service.Process.Terminate();
            Assert.Equal(0, await service.Process.Exit);
        }
    }

    /// <summary>Starts a further orchestrator before the workers; it is the caller's to end.</summary>
    public Task<ServiceProcess> StartOrchestratorAsync(string redis, params (string Name, string Value)[] environment) =>
        ServiceProcess.StartAsync(Roles.Orchestrator, [.. Addresses(TextEncoder, Unets, Vae), "--redis", redis], environment);

    private static string[] Addresses(ServiceProcess textEncoder, IEnumerable<ServiceProcess> unets, ServiceProcess vae) =>
    [
        "--text-encoder", textEncoder.Grpc.OriginalString,
        .. unets.SelectMany(w => new[] { "--unet", w.Grpc.OriginalString }),
        "--vae", vae.Grpc.OriginalString,
    ];

    /// <summary>Ends them; a service that logged an error fails the test.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in Services)
            await service.DisposeAsync();
        Assert.All(Services, service => Assert.False(service.Process.Error.Contains(LogLines.Error, StringComparison.Ordinal), service.Process.Error));
    }
}
