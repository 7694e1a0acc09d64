namespace Diffusion.Mesh.TelemetryTests;

/// <summary>What the resolver finds wrong, over two series in a Prometheus of its own.</summary>
public sealed class ResolverTests : IAsyncLifetime
{
    private PrometheusServer? _prometheus;

    public async Task InitializeAsync()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Sample At(string metric, string stage, int seconds) =>
            new(metric, new Dictionary<string, string> { ["job"] = "mesh/orchestrator", ["stage"] = stage, ["le"] = "+Inf" }, seconds, now - 20 + seconds);
        _prometheus = await PrometheusServer.StartAsync([.. from second in Enumerable.Range(0, 10) from stage in new[] { "encode", "decode" } select At("wait_bucket", stage, second)]);
    }

    [Theory]
    [InlineData("sum by (stage) (rate(wait_bucket[5s]))", "{{stage}}", "")]
    [InlineData("histogram_quantile(0.9, sum by (le) (rate(wait_bucket{stage=\"encode\"}[5s])))", "p90", "")]
    [InlineData("rate(waits_bucket[5s])", "", "waits_bucket is not exported")]
    [InlineData("sum by (model) (wait_bucket)", "", "wait_bucket has no label model")]
    [InlineData("wait_bucket{model=\"\"}", "", "wait_bucket has no label model")]
    [InlineData("wait_bucket{stage=\"rank\"} or vector(0)", "", "no series is wait_bucket{stage=\"rank\"}")]
    [InlineData("sum by (job) (wait_bucket)", "{{stage}}", "the legend's stage is on no or not on every series of sum by (job) (wait_bucket)")]
    [InlineData("wait_bucket > 1000", "", "nothing comes of wait_bucket > 1000")]
    public async Task Problems_Query_AreNamed(string expression, string legend, string expected) =>
        Assert.Equal(expected, string.Join("; ", await new Resolver(_prometheus!).ProblemsAsync(expression, legend)));

    [Fact]
    public Task Problems_NoPromQl_IsPrometheusError() =>
        Assert.ThrowsAsync<InvalidOperationException>(() => new Resolver(_prometheus!).ProblemsAsync("sum by (job) wait_bucket)", ""));

    public async Task DisposeAsync()
    {
        if (_prometheus is not null)
            await _prometheus.DisposeAsync();
    }
}
