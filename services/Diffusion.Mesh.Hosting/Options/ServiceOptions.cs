namespace Diffusion.Mesh.Hosting;

/// <summary>The options of a service; each role uses those that concern it.</summary>
public sealed record ServiceOptions
{
    /// <summary>Where gRPC (HTTP/2) is served.</summary>
    public required ListenAddress Grpc { get; init; }

    /// <summary>Where plaintext gRPC health is served for probes; null: nowhere but beside gRPC.</summary>
    public ListenAddress? Health { get; init; }

    /// <summary>Where the orchestrator serves HTTP/1.1; null: nowhere.</summary>
    public ListenAddress? Http { get; init; }

    /// <summary>
    /// The identity towards the cluster's other services: workers take only callers whose certificates come from its authorities, orchestrators call only workers whose
    /// do. Health for probes stays in the clear. Null: nobody is asked, and everything is in the clear.
    /// </summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Orchestrator: the identity towards applications, for gRPC and HTTP; null: in the clear.</summary>
    public TlsFiles? PublicTls { get; init; }

    /// <summary>Where the orchestrator serves KEDA's external scaler, in plaintext; null: nowhere.</summary>
    public ListenAddress? Scaler { get; init; }

    /// <summary>Names by which HTTP calls without a key may come, besides IP addresses and localhost.</summary>
    public IReadOnlyList<string> HttpNames { get; init; } = [];

    /// <summary>Origins whose pages may call over HTTP, for example https://app.example; none: only the server's own.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>The folder of model folders.</summary>
    public string Models { get; init; } = "models";

    /// <summary>Names of the models to serve; none: all.</summary>
    public IReadOnlyList<string> Model { get; init; } = [];

    /// <summary>The name of this process in traces and errors.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Whether the process is this service's alone, so that its metrics tell of the process too.</summary>
    public bool OwnsProcess { get; init; } = true;

    /// <summary>How long running work may go on after a stop signal, 1 to 3600 s.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Workers: ONNX Runtime's execution provider, <c>cpu</c> or <c>cuda</c>.</summary>
    public string Provider { get; init; } = "cpu";

    /// <summary>Workers: threads of one forward pass, 0 (one for each core) to 1024.</summary>
    public int Threads { get; init; }

    /// <summary>Workers: calls admitted at once, running or waiting, 1 to 10,000; more get RESOURCE_EXHAUSTED.</summary>
    public int Capacity { get; init; } = 64;

    /// <summary>UNet: whether forward passes are shared between jobs.</summary>
    public bool Batching { get; init; } = true;

    /// <summary>UNet: whether a picture's bits are kept from depending on who shares its passes. Without it more sizes of passes can be used.</summary>
    public bool SameBits { get; init; } = true;

    /// <summary>UNet: the most rows of a forward pass, 2 to 64.</summary>
    public int MaxRows { get; init; } = 32;

    /// <summary>UNet: memory for a forward pass, 1 to 2^30 MiB. 0: half of what the process may have.</summary>
    public int BatchMemory { get; init; }

    /// <summary>UNet: how long a forward pass should last at most, 0.001 to 60 s; a quarter of it while jobs of other shapes are in work. One picture's rows are run all the same.</summary>
    public TimeSpan PassLimit { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>UNet: how many times as much time shapes with short forward passes get at most as those with long ones, 1 to 100.</summary>
    public double ShortWorkWeight { get; init; } = 8;

    /// <summary>Orchestrator: addresses of the text encoders, or dns:///NAME:PORT.</summary>
    public IReadOnlyList<Uri> TextEncoders { get; init; } = [];

    /// <summary>Orchestrator: addresses of the UNet workers, or dns:///NAME:PORT.</summary>
    public IReadOnlyList<Uri> Unets { get; init; } = [];

    /// <summary>Orchestrator: addresses of the VAEs, or dns:///NAME:PORT.</summary>
    public IReadOnlyList<Uri> Vaes { get; init; } = [];

    /// <summary>Orchestrator: the file of API keys; null: there are none.</summary>
    public string? Keys { get; init; }

    /// <summary>Orchestrator: from whom calls without a key are taken.</summary>
    public AnonymousCalls Anonymous { get; init; } = AnonymousCalls.Loopback;

    /// <summary>Orchestrator: the issuer whose tokens are taken beside keys; null: there is none.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>Orchestrator: calls of each key, and of each address without one, in a minute, 0 (no bound) to 1,000,000; a sixth of them, or ten, may come at once.</summary>
    public int RequestsPerMinute { get; init; } = 6000;

    /// <summary>Orchestrator: connections for gRPC and HTTP at once, 1 to 1,000,000.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Orchestrator: those of one address (of IPv6: one /64), 1 to 1,000,000. A proxy's clients have one address.</summary>
    public int ConnectionsPerAddress { get; init; } = 1024;

    /// <summary>Orchestrator: how long a client may take for a request's headers, 1 to 300 s.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Orchestrator: how long a connection may be without a request, 1 to 3600 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Orchestrator: the file that the audit log is written to; null: it goes where the other logs do.</summary>
    public string? AuditLog { get; init; }

    /// <summary>Orchestrator: address of the Redis that jobs are kept in, HOST:PORT; null: they are kept in memory.</summary>
    public string? Redis { get; init; }

    /// <summary>Orchestrator: a file whose first line is the Redis password of the default user; null: there is none. For both Redis.</summary>
    public string? RedisPassword { get; init; }

    /// <summary>Orchestrator: whether Redis is reached over TLS. For both Redis.</summary>
    public bool RedisTls { get; init; }

    /// <summary>Orchestrator: a PEM file of the authorities that Redis's certificate must come from; null: the machine's.</summary>
    public string? RedisAuthorities { get; init; }

    /// <summary>Orchestrator: address of another Redis for the embedding cache, HOST:PORT; null: the one of <see cref="Redis"/>, or memory without it.</summary>
    public string? CacheRedis { get; init; }

    /// <summary>Orchestrator: what cached embeddings may take, 1 to 2^20 MiB. A thousand prompts of Stable Diffusion 1.5 take 230.</summary>
    public int CacheMemory { get; init; } = 256;

    /// <summary>Orchestrator: jobs that run at once, 1 to 10,000.</summary>
    public int Running { get; init; } = 16;

    /// <summary>
    /// Orchestrator: how long a job is its own before it must renew, 1 to 300 s; it renews three times as often. A job of an orchestrator that died waits so long at most.
    /// </summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Orchestrator: a running job's state is kept after every so many model evaluations, 0 (never) to 10,000.</summary>
    public int CheckpointSteps { get; init; } = 5;

    /// <summary>Orchestrator: a running job's state is kept this often instead, 0 to 3600 s; 0: by <see cref="CheckpointSteps"/>.</summary>
    public TimeSpan CheckpointTime { get; init; }

    /// <summary>Orchestrator: how long ended jobs and their pictures are kept, 1 to 345,600 s (four days).</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Orchestrator: jobs that may wait, 0 to 1,000,000; more get RESOURCE_EXHAUSTED.</summary>
    public int Queued { get; init; } = 1000;

    /// <summary>Orchestrator and VAE: the longest side of a picture, 8 to 65,536 pixels.</summary>
    public int MaxSide { get; init; } = 2048;

    /// <summary>Orchestrator and VAE: the most pixels of a picture, 64 to 2^31 - 1.</summary>
    public int MaxPixels { get; init; } = 2048 * 2048;

    /// <summary>Orchestrator: how long a job lasts at most where the client sets no deadline, 1 to 86,400 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Orchestrator: generations whose spans are kept in memory, 0 (none) to 10,000; see <see cref="Hosting.TraceRing"/>.</summary>
    public int TraceRing { get; init; } = 100;

    /// <summary>Orchestrator: how long the addresses of pictures in answers are good, 1 to 345,600 s; pictures themselves for <see cref="Retention"/>.</summary>
    public TimeSpan UrlLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Orchestrator: what the addresses of pictures in answers begin with; null: as the call's own address did.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Orchestrator: how long a job goes on after its client is gone, where it asked for CANCEL, 0 to 3600 s.</summary>
    public TimeSpan DisconnectGrace { get; init; } = TimeSpan.FromSeconds(2);
}
