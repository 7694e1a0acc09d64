using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Connections to Redis as the options say.</summary>
internal static class RedisSetup
{
    /// <param name="use">What it is for, as metrics tell it.</param>
    public static RedisConnection Connect(string address, string use, ServiceOptions options, TimeProvider time, IMeterFactory meters) => new(
        new RedisOptions
        {
            Configuration = address,
            Use = use,
            Password = options.RedisPassword is { } file ? Password(file) : null,
            Tls = options.RedisTls,
            Authorities = options.RedisAuthorities is { } path ? Authorities(path) : null,
        },
        time,
        meters);

    /// <summary>What is wrong with the options.</summary>
    public static IEnumerable<string> Check(ServiceOptions options)
    {
        if (options.Redis is null && options.CacheRedis is null && (options.RedisPassword is not null || options.RedisTls || options.RedisAuthorities is not null))
            yield return "--redis-password-file, --redis-tls and --redis-ca are for --redis or --cache-redis, and neither is given.";
        if (options.RedisAuthorities is not null && !options.RedisTls)
            yield return "--redis-ca needs --redis-tls on.";
        if (options.RedisPassword is { } file && Problem(() => Password(file)) is { } unread)
            yield return $"--redis-password-file: {unread}";
        if (options.RedisAuthorities is { } path && Problem(() => Authorities(path)) is { } unusable)
            yield return $"--redis-ca: {unusable}";
    }

    private static string Password(string path) =>
        File.ReadLines(path).FirstOrDefault() is { Length: > 0 } line ? line : throw new IOException($"{path} has no first line.");

    private static X509Certificate2Collection Authorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException($"{path} holds no certificate.");
    }

    private static string? Problem(Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
