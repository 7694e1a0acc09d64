namespace Diffusion.Mesh.State.Tests;

/// <summary>The contract in one process.</summary>
public sealed class MemoryJobStoreTests : JobStoreContract
{
    private readonly MemoryJobStore _store = new(TimeProvider.System);

    private protected override IJobStore Store => _store;

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Complete_BeyondTheBudget_ForgetsWhatEndedFirst()
    {
        var store = new MemoryJobStore(TimeProvider.System, resultBytes: 10_000);
        foreach (var id in new[] { "first", "second", "third" })
        {
            await store.AcceptedAsync(Jobs.Submission(id));
            await store.ClaimOneAsync();
            Assert.True(await store.CompleteAsync(id, 1, Jobs.Done(new string('x', 3000)), default));
        }

        Assert.Null(await store.GetAsync(Jobs.Tenant, "first", default));
        Assert.NotNull(await store.ReadResultAsync(Jobs.Tenant, "third", 0, default));
    }
}
