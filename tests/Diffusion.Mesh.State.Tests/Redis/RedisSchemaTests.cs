using System.Text.RegularExpressions;
using Diffusion.Mesh.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.State.Tests;

/// <summary>docs/redis.md lists the keys that are there, and no others.</summary>
public sealed partial class RedisSchemaTests(RedisServer server) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Keys_OfALivingCluster_AreThoseOfTheDocument()
    {
        await using var connection = server.Connect("mesh:1");
        await using var store = new RedisJobStore(connection, TimeProvider.System);
        using var meters = new TestMeters();
        await using var cache = EmbeddingCache.OnRedis(server.Connect("mesh:1"), 1 << 20, TimeProvider.System, NullLogger<EmbeddingCache>.Instance, meters);
        foreach (var id in new[] { "done", "running", "waiting" })
            await store.AcceptedAsync(Jobs.Submission(id) with { RequestId = $"wish {id}" });
        await store.ClaimAsync(2);
        await store.CompleteAsync("done", 1, Jobs.Done("picture"), default);
        await store.CheckpointAsync("running", 1, Jobs.Bytes("state"), 1, [], default);
        await store.ReportKillAsync("running", 1, 1, default);
        await store.SigningKeyAsync(default);
        await new RedisTenantChoices(connection).PutAsync(Jobs.Tenant, "model", "shapes", default);
        string[] keys = [];
        await cache.GetOrAddAsync(["one"], _ => true, (_, _) => Value(), default);
        await cache.GetOrAddAsync(["two"], _ => true, async (_, _) =>
        {
            keys = (string[])(await connection.ExecuteAsync(TimeSpan.FromSeconds(5), "KEYS", ["*"], default))!;
            return await Value();
        }, default);

        var documented = (await File.ReadAllLinesAsync(Path.Combine(TestFolders.Repository, "docs", "redis.md")))
            .Select(line => KeyCell().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToArray();

        Assert.Equal(22, documented.Length);
        Assert.All(keys, key => Assert.Contains(documented, pattern => Fits(pattern, key)));
        Assert.All(documented, pattern => Assert.Contains(keys, key => Fits(pattern, key)));
    }

    private static Task<IReadOnlyList<ReadOnlyMemory<byte>>> Value() =>
        Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>([new byte[] { 1 }]);

    // Words in capitals stand for names.
    private static bool Fits(string pattern, string key) => Regex.IsMatch(key, $"^mesh:1:{Capitals().Replace(pattern, "[^:]+")}$");

    [GeneratedRegex("^\\| `([^`]+)` \\| (?:hash|string|set|zset) \\|")]
    private static partial Regex KeyCell();

    [GeneratedRegex("SHA256|[A-Z]+")]
    private static partial Regex Capitals();
}
