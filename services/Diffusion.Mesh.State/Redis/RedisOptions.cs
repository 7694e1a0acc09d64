using System.Security.Cryptography.X509Certificates;

namespace Diffusion.Mesh.State;

/// <summary>How a Redis is reached, and how long one waits for it.</summary>
public sealed class RedisOptions
{
    /// <summary>HOST:PORT, with options in StackExchange.Redis's form after commas.</summary>
    public required string Configuration { get; init; }

    /// <summary>The default user's password; null: there is none.</summary>
    public string? Password { get; init; }

    /// <summary>Whether it is reached over TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>Whom its certificate must come from; null: the machine's authorities.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>What all keys begin with, 1 to 64 characters of [A-Za-z0-9:._-]: clusters that share an instance have different ones.</summary>
    public string Prefix { get; init; } = RedisKeys.DefaultPrefix;

    /// <summary>What it is for, in metrics: <c>jobs</c> or <c>cache</c>.</summary>
    public string Use { get; init; } = "jobs";

    /// <summary>How long new work, renewals and look-ups are tried, above 0.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long owners' writes, and readers of a job's events, are tried: longer than an absence that should be survived. Above 0.</summary>
    public TimeSpan LongPatience { get; init; } = TimeSpan.FromSeconds(30);
}
