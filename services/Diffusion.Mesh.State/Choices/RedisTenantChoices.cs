namespace Diffusion.Mesh.State;

/// <summary>Choices that all processes share.</summary>
public sealed class RedisTenantChoices(RedisConnection redis) : ITenantChoices
{
    /// <inheritdoc/>
    public async Task<string?> GetAsync(string tenant, string about, CancellationToken cancellation) =>
        (string?)await redis.RunAsync(RedisScript.ChoiceGet, redis.Options.Patience, [tenant, about], cancellation);

    /// <inheritdoc/>
    public Task PutAsync(string tenant, string about, string choice, CancellationToken cancellation) =>
        redis.RunAsync(RedisScript.ChoicePut, redis.Options.Patience, [tenant, about, choice], cancellation);
}
