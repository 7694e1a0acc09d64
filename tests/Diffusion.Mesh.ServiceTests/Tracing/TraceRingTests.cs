using System.Diagnostics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.ServiceTests;

public sealed class TraceRingTests : IDisposable
{
    private const string Tenant = "acme";
    private const string Worker = "Diffusion.Mesh.RingTests.Worker";

    // The workers' sources in one process with the orchestrator's.
    private readonly ServiceTelemetry _edge = new("Diffusion.Mesh.RingTests.Edge");
    private readonly ServiceTelemetry _worker = new(Worker);

    public void Dispose()
    {
        _edge.Dispose();
        _worker.Dispose();
    }

    [Fact]
    public void Find_SpansBelowTheCall_AreThereWithTagsAndLinks()
    {
        using var ring = Ring(capacity: 2);
        var link = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None);
        ActivityContext call;
        using (var root = Call())
        {
            call = root.Context;
            _edge.Start("validate")!.Dispose();
            ring.Accept("a", Tenant, call);
        }

        ring.Claim("a", Tenant, call);
        using (var generate = _edge.Source.StartActivity("generate", ActivityKind.Internal, call)!)
        using (var remote = _worker.Source.StartActivity("forward", ActivityKind.Server, generate.Context, links: [new(link)]))
            remote!.SetTag("half", 0.5).SetTag("flag", true).SetStatus(ActivityStatusCode.Error);

        var spans = ring.Find("a");

        Assert.Equal(["forward", "generate", "root", "validate"], spans.Select(s => s.Name).Order());
        var forward = Assert.Single(spans, s => s.Name == "forward");
        Assert.Equal((Worker, "error"), (forward.Source, forward.Status));
        Assert.Equal([("flag", "true"), ("half", "0.5")], forward.Tags.Select(t => (t.Key, t.Value)).Order());
        Assert.Equal(new RecordedLink(link.TraceId.ToHexString(), link.SpanId.ToHexString()), Assert.Single(forward.Links));
        Assert.Equal(Assert.Single(spans, s => s.Name == "generate").SpanId, forward.ParentSpanId);
        Assert.Equal(("a", Tenant, 4, 0), Assert.Single(ring.Recent(9)) is var s ? (s.JobId, s.Tenant, s.Spans, s.LeftOut) : default);
    }

    [Fact]
    public void Find_AnotherTenantsJob_IsNotThere()
    {
        using var ring = Ring(capacity: 2);
        Run(ring, "a");

        Assert.NotEmpty(ring.Find("a", Tenant));
        Assert.Empty(ring.Find("a", "other"));
        Assert.Empty(ring.Recent(9, "other"));
    }

    [Fact]
    public void Find_CallThatNamesAnothersTrace_IsATraceOfItsOwn()
    {
        using var ring = Ring(capacity: 2);
        using var victim = Call();
        ring.Accept("a", Tenant, victim.Context);
        Activity.Current = null;
        using (var intruder = _edge.Source.StartActivity("root", ActivityKind.Server, victim.Context)!)
            ring.Accept("b", "other", intruder.Context);
        victim.Dispose();

        Assert.Single(ring.Find("a"));
        Assert.Single(ring.Find("b"));
    }

    [Fact]
    public void Claim_AcceptedElsewhere_IsFoundByItsJob()
    {
        using var ring = Ring(capacity: 2);
        var call = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);

        ring.Claim("a", Tenant, call);
        _edge.Source.StartActivity("resume", ActivityKind.Internal, call)!.Dispose();

        Assert.Equal(call.TraceId.ToHexString(), Assert.Single(ring.Find("a")).TraceId);
    }

    [Fact]
    public void Recent_MoreThanCapacity_AreTheLatest()
    {
        using var ring = Ring(capacity: 2);
        foreach (var job in new[] { "a", "b", "c" })
            Run(ring, job);

        Assert.Equal(["c", "b"], ring.Recent(9).Select(t => t.JobId));
        Assert.Equal(["c"], ring.Recent(1).Select(t => t.JobId));
        Assert.Empty(ring.Find("a"));
    }

    [Fact]
    public void Find_MoreSpansThanATraceHolds_CountsTheOthers()
    {
        using var ring = Ring(capacity: 1);
        using (var root = Call())
        {
            ring.Claim("a", Tenant, root.Context);
            for (var i = 0; i < 5000; i++)
                _edge.Start("step")?.Dispose();
        }

        Assert.Equal((4096, 905), Assert.Single(ring.Recent(1)) is var s ? (s.Spans, s.LeftOut) : default);
    }

    [Fact]
    public void Find_ManySpansInAll_LetTheOldestTraceGo()
    {
        using var ring = Ring(capacity: 100);
        for (var job = 0; job < 20; job++)
        {
            using var root = Call();
            ring.Claim($"{job}", Tenant, root.Context);
            for (var i = 0; i < 4095; i++)
                _edge.Start("step")?.Dispose();
        }

        Assert.Equal(16, ring.Recent(100).Count);
        Assert.Equal(4096, ring.Find("19").Count);
    }

    [Fact]
    public void Start_NoGeneration_IsLeftToOthers()
    {
        using var ring = Ring(capacity: 1);

        Assert.Null(_worker.Start("forward"));
        Assert.Null(_edge.Start("validate"));
    }

    [Fact]
    public void Start_CapacityZero_NobodyListens()
    {
        using var ring = Ring(capacity: 0);

        Assert.Null(_edge.Source.StartActivity("root", ActivityKind.Server));
        Run(ring, "a");
        Assert.Empty(ring.Find("a"));
    }

    private TraceRing Ring(int capacity) => new(_edge, new ServiceOptions { Grpc = ListenAddress.AnyLoopback, TraceRing = capacity });

    private Activity Call() => _edge.Source.StartActivity("root", ActivityKind.Server)!;

    private void Run(TraceRing ring, string job)
    {
        using var root = _edge.Source.StartActivity("root", ActivityKind.Server);
        ring.Claim(job, Tenant, root?.Context ?? default);
    }
}
