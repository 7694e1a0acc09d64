using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>Redis' own command line, which comes with its server.</summary>
internal static class RedisCli
{
    /// <summary>Overwrites the values of all keys of a pattern with nonsense.</summary>
    public static async Task BreakAsync(RedisServer redis, string pattern)
    {
        var keys = (await RunAsync(redis, "--scan", "--pattern", pattern)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(keys);
        foreach (var key in keys)
            await RunAsync(redis, "SET", key, "nonsense", "KEEPTTL");
    }

    private static async Task<string> RunAsync(RedisServer redis, params string[] arguments)
    {
        await using var process = ChildProcess.Start("redis-cli", ["-p", $"{redis.Port}", .. arguments]);
        Assert.Equal(0, await process.Exit);
        return process.Output;
    }
}
