namespace Diffusion.Mesh.TelemetryTests;

/// <summary>Names of Prometheus, by the examples of its documentation and of its own tests.</summary>
public sealed class PrometheusNamesTests
{
    [Theory]
    [InlineData("http.server.duration", "ms", MetricKind.Histogram, "http_server_duration_milliseconds")]
    [InlineData("diffusion.queue.wait.duration", "s", MetricKind.Histogram, "diffusion_queue_wait_duration_seconds")]
    [InlineData("diffusion.checkpoint.io", "By", MetricKind.Counter, "diffusion_checkpoint_io_bytes_total")]
    [InlineData("diffusion.requests", "{request}", MetricKind.Counter, "diffusion_requests_total")]
    [InlineData("diffusion.engine.working", "s", MetricKind.Counter, "diffusion_engine_working_seconds_total")]
    [InlineData("diffusion.rows.free", "{row}", MetricKind.Gauge, "diffusion_rows_free")]
    [InlineData("diffusion.service.ready", "", MetricKind.Gauge, "diffusion_service_ready")]
    // A word that is there already is not repeated; "total" goes to the end.
    [InlineData("system.uptime.seconds", "s", MetricKind.Gauge, "system_uptime_seconds")]
    [InlineData("dotnet.gc.heap.total_allocated", "By", MetricKind.Counter, "dotnet_gc_heap_allocated_bytes_total")]
    [InlineData("jobs_total", "", MetricKind.Counter, "jobs_total")]
    // Only gauges of unit 1 are ratios.
    [InlineData("cpu.utilization", "1", MetricKind.Gauge, "cpu_utilization_ratio")]
    [InlineData("system.faults", "1", MetricKind.Counter, "system_faults_total")]
    [InlineData("disk.speed", "By/s", MetricKind.Gauge, "disk_speed_bytes_per_second")]
    [InlineData("astro.light", "m/s", MetricKind.Gauge, "astro_light_m_per_second")]
    [InlineData("queue.rate", "{job}/s", MetricKind.Gauge, "queue_rate_per_second")]
    [InlineData("memory.used", "foo", MetricKind.Gauge, "memory_used_foo")]
    [InlineData("a..b--c", "", MetricKind.Gauge, "a_b_c")]
    [InlineData("2.parts", "", MetricKind.Gauge, "_2_parts")]
    public void Metric_NameUnitAndKind_AsPrometheusHasIt(string name, string unit, object kind, string expected) =>
        Assert.Equal(expected, PrometheusNames.Metric(name, unit, (MetricKind)kind));

    [Theory]
    [InlineData("gen_ai.request.model", "gen_ai_request_model")]
    [InlineData("a--b", "a__b")]
    [InlineData("3d", "key_3d")]
    [InlineData("_private", "key_private")]
    [InlineData("__name__", "__name__")]
    public void Label_Attribute_AsPrometheusHasIt(string attribute, string expected) => Assert.Equal(expected, PrometheusNames.Label(attribute));
}
