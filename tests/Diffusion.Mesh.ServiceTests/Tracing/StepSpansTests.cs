using System.Diagnostics;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Google.Protobuf.WellKnownTypes;

namespace Diffusion.Mesh.ServiceTests;

public sealed class StepSpansTests : IDisposable
{
    private readonly ServiceTelemetry _telemetry = new(nameof(StepSpansTests));
    private readonly ActivityContext _denoise = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
    private readonly List<string> _made = [];
    private readonly ActivityListener _listener;
    private readonly StepSpans _steps;

    public StepSpansTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source == _telemetry.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => _made.Add(
                $"{span.GetTagItem(TelemetryNames.StepIndex)}/{span.GetTagItem(TelemetryNames.Attempt)}"
                + (span.GetTagItem(TelemetryNames.Checkpoint) is true ? " kept" : "")),
        };
        ActivitySource.AddActivityListener(_listener);
        _steps = new StepSpans(_telemetry, epoch: 1);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _telemetry.Dispose();
    }

    [Fact]
    public void Written_State_DecidesItsStepAndThoseBefore()
    {
        Add(0, 1, 2, 3);
        var state = Offer(3);

        _steps.Written(state);

        Assert.Equal(["0/1", "1/1", "2/1 kept"], _made);
    }

    [Fact]
    public void Written_LaterState_TheOneThatItReplacedWasNotKept()
    {
        Add(0, 1);
        Offer(1);
        var state = Offer(2);

        _steps.Written(state);

        Assert.Equal(["0/1", "1/1 kept"], _made);
    }

    [Fact]
    public void Written_StateOfTheSecondAttempt_IsNotTheFirstsSpan()
    {
        Add(0, 1, 2);
        AddOf(attempt: 2, 1, 2);
        var state = Offer(2, attempt: 2);

        _steps.Written(state);

        Assert.Equal(["0/1", "1/1", "2/1", "1/2 kept"], _made);
    }

    [Fact]
    public void Written_AfterTheLastEvaluation_StillCounts()
    {
        Add(0, 1);
        var state = Offer(1);
        _steps.Settle();
        _steps.Written(state);

        Assert.Equal(["1/1", "0/1 kept"], _made);
    }

    [Fact]
    public void Dispose_Undecided_LosesNoSpan()
    {
        Add(0, 1, 2);
        Offer(2);

        _steps.Dispose();
        _steps.Dispose();

        Assert.Equal(["0/1", "1/1", "2/1"], _made);
    }

    private void Add(params uint[] indices) => AddOf(1, indices);

    private void AddOf(int attempt, params uint[] indices)
    {
        var now = DateTime.UnixEpoch.ToTimestamp();
        foreach (var index in indices)
            _steps.Add(new Evaluation { Index = index, Started = now, Ended = now }, "unet", attempt, _denoise);
    }

    private JobCheckpoint Offer(uint position, int attempt = 1)
    {
        var state = new JobCheckpoint { State = new SamplerState { Position = position } };
        _steps.Offer(state, attempt);
        return state;
    }
}
