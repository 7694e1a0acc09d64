using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;
using Diffusion.Mesh.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using JobState = Diffusion.Mesh.State.JobState;
using Metrics = Diffusion.Mesh.Hosting.TelemetryNames.Metrics;

namespace Diffusion.Mesh.ServiceTests;

public sealed class OrchestratorMetricsTests : IDisposable
{
    private readonly TestMeters _meters = new();

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Requests_OwnersAndTheStoresEnds_AreCountedAlike()
    {
        var store = new MemoryJobStore(TimeProvider.System);
        using var log = new AuditLog(new ServiceOptions { Grpc = ListenAddress.AnyLoopback }, TimeProvider.System, NullLoggerFactory.Instance);
        var audit = new JobAudit(new AuditCalls(log, new HttpContextAccessor(), TimeProvider.System));
        var metrics = new RequestMetrics(Meter, new TenantNames(), audit, store);
        metrics.Ended("first", "ada", "shapes", JobState.Failed, StatusCode.Unavailable, TimeSpan.FromSeconds(3));
        metrics.Ended("second", "ada", "shapes", JobState.Done, StatusCode.OK, TimeSpan.FromSeconds(4));
        await store.SubmitAsync(Submission("waiting"), default);

        await store.CancelAsync("bob", "waiting", default);

        Assert.Equal(
            [("failed", "UNAVAILABLE", "shapes"), ("done", null, "shapes"), ("cancelled", null, "other")],
            _meters.Of(Metrics.Requests).Select(m => (m.Tag(TelemetryNames.Outcome), m.Tag(TelemetryNames.ErrorType), m.Tag(TelemetryNames.Model))));
        Assert.Equal([null, "CANCELLED", "UNAVAILABLE"], _meters.Of(Metrics.RequestDuration).Select(m => (string?)m.Tag(TelemetryNames.ErrorType)).Order());
        Assert.Equal(["ada", "ada", "bob"], _meters.Of(Metrics.TenantRequests).Select(m => m.Tag(TelemetryNames.Tenant)));
    }

    [Fact]
    public void TenantNames_BeyondTheMost_AreOther()
    {
        var names = new TenantNames();
        for (var i = 0; i < TenantNames.Most; i++)
            Assert.Equal($"tenant-{i}", names.Of($"tenant-{i}"));

        Assert.Equal(TenantNames.Other, names.Of("one too many"));
        Assert.Equal("tenant-0", names.Of("tenant-0"));
    }

    [Fact]
    public void Begin_CountsOfFaults_StartAtNought()
    {
        new RunMetrics(Meter, new TenantNames()).Begin();
        new RetryMetrics(Meter).Begin();

        Assert.Equal([0.0, 0.0], _meters.Of(Metrics.Resumes).Select(m => m.Value));
        Assert.Equal(["text-encoder", "unet", "vae"], _meters.Of(Metrics.WorkerRetries).Select(m => m.Tag(TelemetryNames.Service)));
        Assert.All(_meters.All, m => Assert.Equal(0, m.Value));
    }

    [Fact]
    public void Calls_BothSides_AreMeasuredByHowTheyEnd()
    {
        var calls = new CallMetrics(Meter);
        calls.Served("/a.B/C", StatusCode.InvalidArgument, TimeSpan.FromSeconds(1));
        calls.Served("/a.B/C", StatusCode.Internal, TimeSpan.FromSeconds(1));
        calls.Made("/a.B/C", StatusCode.InvalidArgument, TimeSpan.FromSeconds(1));

        // A caller's mistake is no error of the server.
        Assert.Equal([null, "INTERNAL"], _meters.Of(Metrics.ServerCallDuration).Select(m => m.Tag(TelemetryNames.ErrorType)));
        var made = Assert.Single(_meters.Of(Metrics.ClientCallDuration));
        Assert.Equal(("a.B/C", "INVALID_ARGUMENT", "INVALID_ARGUMENT"), (made.Tag(TelemetryNames.RpcMethod), made.Tag(TelemetryNames.RpcStatus), made.Tag(TelemetryNames.ErrorType)));
    }

    private ServiceMeter Meter => new(_meters, "test");

    private static JobSubmission Submission(string id) => new()
    {
        Id = id,
        Tenant = "bob",
        Spec = new byte[1],
        Cost = 1,
        Deadline = DateTimeOffset.UtcNow.AddHours(1),
        Model = "other@2",
        Evaluations = 1,
        QueueBound = 10,
        FirstEvent = new JobEvent("queued", JobSequence.First, new byte[1]),
        Retention = TimeSpan.FromMinutes(1),
    };
}
