using Diffusion.Mesh.Orchestrator;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>How often and how soon a call is tried again.</summary>
public sealed class RetryTests
{
    [Fact]
    public void Spend_HalfOfTheTokensGone_NoRetryUntilCallsSucceed()
    {
        var budget = new RetryBudget(10);
        var allowed = Enumerable.Range(0, 8).Select(_ => budget.Spend()).ToArray();

        // Seven failures and three successes: less than half is spent, and the next failure takes it to half.
        for (var i = 0; i < 4; i++)
            budget.Refill();
        var again = budget.Spend();

        Assert.Equal([true, true, true, true, false, false, false, false], allowed);
        Assert.False(again);
        budget.Refill();
        budget.Refill();
        Assert.True(budget.Spend());
    }

    [Fact]
    public void Refill_NothingSpent_BringsNoMoreThanTheMost()
    {
        var budget = new RetryBudget(4);
        for (var i = 0; i < 100; i++)
            budget.Refill();

        Assert.Equal([true, false], new[] { budget.Spend(), budget.Spend() });
    }

    [Theory]
    [InlineData(0.0, new[] { 0, 0, 50, 100, 200, 400, 500, 500 })]
    [InlineData(0.5, new[] { 0, 0, 75, 150, 300, 600, 750, 750 })]
    public void After_FailuresInARow_DoublesUpToTheLongestWithJitter(double jitter, int[] milliseconds)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), () => jitter);

        Assert.Equal(milliseconds, Enumerable.Range(0, milliseconds.Length).Select(n => (int)backoff.After(n).TotalMilliseconds));
        Assert.True(backoff.After(int.MaxValue) <= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Epoch_NewHolder_IsAboveAllAttemptsOfTheOneBefore()
    {
        var call = new WorkerCall(WorkerRole.Unet, "job", Shapes.Name, "", DateTimeOffset.MaxValue, CancellationToken.None);

        Assert.Equal(1ul, call.EpochOf(1));
        Assert.True((call with { Epoch = 1 }).EpochOf(1) > call.EpochOf(65_535));
    }
}
