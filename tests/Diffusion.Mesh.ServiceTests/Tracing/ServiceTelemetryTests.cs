using System.Diagnostics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.ServiceTests;

public sealed class ServiceTelemetryTests : IDisposable
{
    private readonly ServiceTelemetry _telemetry = new(nameof(ServiceTelemetryTests));
    private readonly ActivityContext _sampled = Context(ActivityTraceFlags.Recorded);
    private readonly ActivityContext _unsampled = Context(ActivityTraceFlags.None);
    private readonly ActivityListener _listener;

    public ServiceTelemetryTests()
    {
        // As the SDK's parent-based samplers: what begins a trace is sampled.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == _telemetry.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent == default || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.None,
        };
    }

    public void Dispose()
    {
        Activity.Current = null;
        _listener.Dispose();
        _telemetry.Dispose();
    }

    [Fact]
    public void Start_ParentNotSampled_NothingBelowBeginsATrace()
    {
        ActivitySource.AddActivityListener(_listener);

        using var span = _telemetry.Start("call", ActivityKind.Server, _unsampled);

        Assert.Equal((_unsampled.TraceId, false), (Activity.Current!.TraceId, Activity.Current.Recorded));
        Assert.Null(_telemetry.Start("below"));
        Assert.Null(_telemetry.StartShared("shared", Activity.Current.Context));
    }

    [Fact]
    public void Start_ParentSampled_IsBelowIt()
    {
        ActivitySource.AddActivityListener(_listener);

        using var span = _telemetry.Start("call", ActivityKind.Server, _sampled);

        Assert.Equal((_sampled.SpanId, true), (span!.ParentSpanId, span.Recorded));
    }

    [Fact]
    public void Start_NobodyListens_IsNothing()
    {
        Assert.Null(_telemetry.Start("call", ActivityKind.Server, _sampled));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void StartShared_SomeSampled_IsBelowTheFirstOfThoseAndLinksToAll()
    {
        ActivitySource.AddActivityListener(_listener);
        var other = Context(ActivityTraceFlags.Recorded);

        using var span = _telemetry.StartShared("shared", _unsampled, _sampled, other);

        Assert.Equal(_sampled.SpanId, span!.ParentSpanId);
        Assert.Equal([_unsampled, _sampled, other], span.Links.Select(link => link.Context));
    }

    private static ActivityContext Context(ActivityTraceFlags flags) => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags);
}
