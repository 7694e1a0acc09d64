namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A service in a process of its own, on free ports.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private ServiceProcess(ChildProcess process, Uri grpc, HealthProbe health) => (Process, Grpc, Health) = (process, grpc, health);

    public ChildProcess Process { get; }

    public Uri Grpc { get; }

    public HealthProbe Health { get; }

    /// <summary>Starts a role's own executable and waits until it serves.</summary>
    public static Task<ServiceProcess> StartAsync(string role, IEnumerable<string> options, params IEnumerable<(string Name, string Value)> environment) =>
        StartAsync(Executables.Of(role), [], options, environment);

    /// <summary>Starts <c>mesh serve --role</c> and waits until it serves.</summary>
    public static Task<ServiceProcess> StartByMeshAsync(string role, params string[] options) =>
        StartAsync(Executables.Mesh, ["serve", "--role", role], options, []);

    public async ValueTask DisposeAsync()
    {
        Health.Dispose();
        await Process.DisposeAsync();
    }

    private static async Task<ServiceProcess> StartAsync(
        string assembly, IEnumerable<string> command, IEnumerable<string> options, IEnumerable<(string Name, string Value)> environment)
    {
        var (grpc, health) = (Address(), Address());
        string[] arguments = [.. command, "--grpc", grpc.Authority, "--health", health.Authority, "--http", "none", .. options];
        var process = DotNet.Start(assembly, arguments, environment);
        var service = new ServiceProcess(process, grpc, new HealthProbe(health));
        var serving = service.Health.ServingAsync();
        if (await Task.WhenAny(serving, process.Exit) == serving)
        {
            await serving;
            return service;
        }

        var said = $"It ended with code {await process.Exit}:\n{process.Error}";
        await service.DisposeAsync();
        throw new InvalidOperationException(said);
    }

    private static Uri Address() => new($"http://127.0.0.1:{FreePort.Next()}");
}
