using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.State.Tests;

/// <summary>What tenants chose, in memory and in Redis.</summary>
public sealed class TenantChoicesTests(RedisServer server) : IClassFixture<RedisServer>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_AfterPuts_IsTheTenantsLatest(bool redis)
    {
        await using var connection = server.Connect($"test:{Guid.NewGuid():N}");
        ITenantChoices choices = redis ? new RedisTenantChoices(connection) : new MemoryTenantChoices();

        await choices.PutAsync("acme", "model", "first", default);
        await choices.PutAsync("acme", "model", "shapes", default);
        await choices.PutAsync("globex", "model", "other", default);

        Assert.Equal("shapes", await choices.GetAsync("acme", "model", default));
        Assert.Equal("other", await choices.GetAsync("globex", "model", default));
        Assert.Null(await choices.GetAsync("acme", "size", default));
        Assert.Null(await choices.GetAsync("initech", "model", default));
        if (redis)
            await connection.AssertAllKeysExpireAsync();
    }
}
