namespace Diffusion.Mesh.State;

/// <summary>What an instance must be like before jobs are entrusted to it.</summary>
public static class RedisRequirements
{
    private const int LowestVersion = 7;

    /// <summary>Looks at an instance that is to keep jobs.</summary>
    /// <returns>Sentences for the log: what is allowed, and not advised.</returns>
    /// <exception cref="StateUnfitException">It is not fit, with every reason.</exception>
    /// <exception cref="StateUnavailableException">It does not answer.</exception>
    public static async Task<IReadOnlyList<string>> CheckJobsAsync(RedisConnection redis, CancellationToken cancellation)
    {
        var info = await InfoAsync(redis, cancellation);
        var reasons = Common(info);
        var policy = info.GetValueOrDefault("maxmemory_policy", "");
        if (policy is not ("noeviction" or ""))
        {
            reasons.Add($"its maxmemory-policy is '{policy}', which drops jobs when memory is full: set 'noeviction' (the embedding cache keeps its own budget, "
                + "and can have an instance of its own)");
        }

        Refuse(redis, reasons);
        return [.. Warnings(info, policy, await ConfiguredAsync(redis, "appendfsync", cancellation))];
    }

    /// <summary>Looks at an instance that is to keep embeddings alone: any eviction policy will do.</summary>
    /// <exception cref="StateUnfitException">It is not fit, with every reason.</exception>
    /// <exception cref="StateUnavailableException">It does not answer.</exception>
    public static async Task CheckCacheAsync(RedisConnection redis, CancellationToken cancellation) =>
        Refuse(redis, Common(await InfoAsync(redis, cancellation)));

    private static List<string> Common(Dictionary<string, string> info)
    {
        var reasons = new List<string>();
        if (info.GetValueOrDefault("cluster_enabled") == "1")
        {
            reasons.Add("it runs in Redis Cluster mode, where a script cannot change the keys of several jobs at once: use one primary with replicas, which carries more "
                + "jobs than any number of GPUs makes (docs/redis.md has figures)");
        }

        // Valkey and Garnet tell which Redis they stand for.
        var version = info.GetValueOrDefault("redis_version", "");
        if (!int.TryParse(version.Split('.')[0], out var major) || major < LowestVersion)
            reasons.Add($"its version is '{version}': {LowestVersion} or later is needed");
        return reasons;
    }

    private static IEnumerable<string> Warnings(Dictionary<string, string> info, string policy, string? fsync)
    {
        if (policy.Length == 0)
            yield return "Redis does not tell its maxmemory-policy: it must be 'noeviction'.";
        if (info.GetValueOrDefault("aof_enabled") != "1")
            yield return "Redis keeps no append-only file: jobs are lost when it restarts. Set 'appendonly yes' and 'appendfsync always'.";
        else if (fsync is null)
            yield return "Redis does not tell its appendfsync: 'always' loses nothing, 'everysec' may lose a second.";
        else if (fsync == "everysec")
            yield return "Redis writes its append-only file every second: a second of jobs may be lost when it dies. 'appendfsync always' loses nothing.";
        else if (fsync != "always")
            yield return $"Redis's appendfsync is '{fsync}': many seconds of jobs may be lost when it dies. 'appendfsync always' loses nothing.";
    }

    private static void Refuse(RedisConnection redis, List<string> reasons)
    {
        if (reasons.Count > 0)
            throw new StateUnfitException($"Redis at {redis.Address} cannot be used: {string.Join("; ", reasons)}.");
    }

    private static async Task<Dictionary<string, string>> InfoAsync(RedisConnection redis, CancellationToken cancellation)
    {
        var answer = (string)(await redis.ExecuteAsync(redis.Options.Patience, "INFO", [], cancellation))!;
        return answer.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(':', 2)).Where(pair => pair.Length == 2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);
    }

    // Hosted ones refuse CONFIG.
    private static async Task<string?> ConfiguredAsync(RedisConnection redis, string name, CancellationToken cancellation)
    {
        try
        {
            return (string[])(await redis.ExecuteAsync(redis.Options.Patience, "CONFIG", ["GET", name], cancellation))! is [_, var value] ? value : null;
        }
        catch (StateUnavailableException)
        {
            return null;
        }
    }
}

/// <summary>A Redis that must not be used, and why.</summary>
public sealed class StateUnfitException(string message) : Exception(message);
