using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>
/// A Prometheus over what a cluster exported: Redis, two orchestrators, two UNet workers, text encoder and VAE, while they worked and while everything happened to
/// them that a dashboard or an alert looks at.
/// </summary>
public sealed class ClusterUnderLoad : IAsyncLifetime
{
    private readonly List<ServiceProcess> _services = [];
    private PrometheusServer? _prometheus;

    internal PrometheusServer Prometheus => _prometheus!;

    public async Task InitializeAsync()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var metrics = new ExportedMetrics(receiver);
        var redis = RedisServer.Durable();
        try
        {
            await redis.InitializeAsync();
            var load = await StartAsync(metrics, redis);
            await load.RunAsync();
            // What happened last needs a second export before it has a rate.
            await metrics.ExportsAsync(3 * _services.Count);
        }
        finally
        {
            // All of them, also where one fails.
            await Task.WhenAll(_services.Select(s => s.DisposeAsync().AsTask()).Append(redis.DisposeAsync()));
        }

        _prometheus = await PrometheusServer.StartAsync(metrics.Samples, RuleTests.Rules);
    }

    public async Task DisposeAsync()
    {
        if (_prometheus is not null)
            await _prometheus.DisposeAsync();
    }

    private async Task<Load> StartAsync(ExportedMetrics metrics, RedisServer redis)
    {
        // A full text encoder, passes of one picture and a short queue are what faults are made of.
        var textEncoder = await ServiceAsync(metrics, Roles.TextEncoder, "text-encoder", "--threads", "1", "--capacity", "1");
        var unets = new List<ServiceProcess>();
        foreach (var name in new[] { "unet-0", "unet-1" })
            unets.Add(await ServiceAsync(metrics, Roles.Unet, name, "--threads", "1", "--max-rows", "2"));
        var vae = await ServiceAsync(metrics, Roles.Vae, "vae", "--threads", "1");
        string[] options =
        [
            "--text-encoder", textEncoder.Grpc.OriginalString, "--unet", $"{unets[0].Grpc},{unets[1].Grpc}", "--vae", vae.Grpc.OriginalString,
            "--redis", redis.Address, "--running", "3", "--queued", "2", "--lease", "2", "--checkpoint-steps", "10", "--timeout", "86400",
        ];
        var first = await ServiceAsync(metrics, Roles.Orchestrator, "orchestrator-0", options);
        var second = await ServiceAsync(metrics, Roles.Orchestrator, "orchestrator-1", options);
        return new Load(metrics, redis, textEncoder, unets, first, second);
    }

    private async Task<ServiceProcess> ServiceAsync(ExportedMetrics metrics, string role, string name, params string[] options)
    {
        var service = await ServiceProcess.StartAsync(role, ["--name", name, .. options], metrics.Environment);
        _services.Add(service);
        return service;
    }
}
