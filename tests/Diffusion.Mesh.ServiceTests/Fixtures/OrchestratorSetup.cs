using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>How an orchestrator of a test's own is set up.</summary>
internal sealed record OrchestratorSetup(IReadOnlyList<Uri> TextEncoders, IReadOnlyList<Uri> Unets, IReadOnlyList<Uri> Vaes)
{
    /// <summary>A loopback port where nobody listens: none may, below 1024, without asking for it.</summary>
    public static readonly Uri Nobody = new("http://127.0.0.1:9");

    /// <summary>Where KEDA's service listens; null: nowhere.</summary>
    public ListenAddress? Scaler { get; init; }

    public int Running { get; init; } = 16;

    public int Queued { get; init; } = 1000;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan DisconnectGrace { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    public string? Redis { get; init; }

    public string? CacheRedis { get; init; }

    public string? Keys { get; init; }

    public AnonymousCalls Anonymous { get; init; } = AnonymousCalls.Loopback;

    public bool Http { get; init; }

    /// <summary>Further options.</summary>
    public Func<ServiceOptions, ServiceOptions> Options { get; init; } = options => options;

    public Action<WebApplicationBuilder>? Configure { get; init; }

    public Task<RunningService> StartAsync(ErrorLog log) => RunningService.StartAsync(
        new OrchestratorRole(),
        log,
        Options(new ServiceOptions
        {
            Grpc = ListenAddress.AnyLoopback,
            Http = Http ? ListenAddress.AnyLoopback : null,
            Scaler = Scaler,
            Models = RunningService.Models,
            TextEncoders = TextEncoders,
            Unets = Unets,
            Vaes = Vaes,
            Running = Running,
            Queued = Queued,
            Timeout = Timeout,
            DisconnectGrace = DisconnectGrace,
            Lease = Lease,
            Redis = Redis,
            CacheRedis = CacheRedis,
            Keys = Keys,
            Anonymous = Anonymous,
        }),
        Configure);
}

internal static class OrchestratorCalls
{
    public static Generation.GenerationClient Client(this RunningService orchestrator) => new(orchestrator.Channel);

    /// <summary>Waits until an orchestrator knows this of its UNet workers.</summary>
    public static async Task KnowsAsync(this RunningService orchestrator, Func<IReadOnlyList<Candidate>, bool> what)
    {
        var pool = orchestrator.Services.GetRequiredService<WorkerDirectory>().Pool(WorkerRole.Unet);
        var patience = Patience.Token;
        while (!what(pool.Workers))
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience);
    }
}
