namespace Diffusion.Mesh.TelemetryTests;

public sealed class PromQlTests
{
    [Theory]
    [InlineData("up", "up{}: ")]
    [InlineData("""up{job="a", x!~"b|c"}""", """up{job="a",x!~"b|c"}: job x""")]
    [InlineData("rate(errors_total[5m]) / rate(calls_total[5m] offset 1h) > 0.05", "errors_total{}: ; calls_total{}: ")]
    [InlineData("histogram_quantile(0.95, sum by (job, le) (rate(wait_bucket[$__rate_interval]))) > 1e3", "wait_bucket{}: job le")]
    // A grouping is for what stands in its own parentheses.
    [InlineData("""sum by (a) (max by (b) (x{c="1"})) / count(y)""", """x{c="1"}: a b c; y{}: """)]
    [InlineData("a > on (job) group_left () 0.2 * sum by (job) (b)", "a{}: job; b{}: job")]
    [InlineData("(x unless y > 0) or vector(0)", "x{}: ; y{}: ")]
    [InlineData("""absent(x{text="a } ) \" by (b)"})""", """x{text="a } ) \" by (b)"}: text""")]
    public void Selectors_Expression_MetricsWithTheLabelsTheyNeed(string expression, string expected) => Assert.Equal(
        expected,
        string.Join("; ", PromQl.Selectors(expression).Select(s => $"{s.Text}: {string.Join(' ', s.Labels.Order(StringComparer.Ordinal))}")));

    [Fact]
    public void Selectors_GroupingAfterwards_IsRefused() => Assert.Throws<FormatException>(() => PromQl.Selectors("sum(x) by (job)"));
}
