using System.Collections.Concurrent;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.ServiceTests;

public sealed class JobOutboxTests
{
    private readonly IJobStore _store;
    private readonly FaultyStore _faults;
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(JobCheckpoint State, int Bytes)> _kept = new();

    public JobOutboxTests() => (_store, _faults) = FaultyStore.Before(new MemoryJobStore(_time));

    [Fact]
    public async Task Keep_WhileAWriteIsUnderWay_WritesTheLatestAlone()
    {
        var (answer, writes) = HoldWrites();
        await using var outbox = Open();

        outbox.Keep(State(1));
        await UntilAsync(() => writes.Count == 1);
        for (var i = 2u; i <= 50; i++)
            outbox.Keep(State(i));
        answer.SetResult(true);
        await UntilAsync(() => writes.Count == 2);

        await UntilAsync(() => _kept.Count == 2);
        Assert.Equal([1, 50], writes);
        Assert.Equal([1u, 50], _kept.Select(k => k.State.State.Position));
    }

    [Fact]
    public async Task Keep_Interval_WritesThatFarApartAndTheLastWhenFlushed()
    {
        var (answer, writes) = HoldWrites();
        answer.SetResult(true);
        await using var outbox = Open(TimeSpan.FromSeconds(10));

        outbox.Keep(State(1));
        await UntilAsync(() => writes.Count == 1);
        outbox.Keep(State(2));
        outbox.Tell(Step(2));
        await UntilAsync(() => _faults.Calls(nameof(IJobStore.PublishTransientAsync)).Count == 1);
        _time.Advance(TimeSpan.FromSeconds(10));
        outbox.Keep(State(3));
        await UntilAsync(() => writes.Count == 2);
        outbox.Keep(State(4));
        await outbox.StopAsync();
        await outbox.FlushAsync(default);

        Assert.Equal([1, 3, 4], writes);
        Assert.Equal(3, _kept.Count);
        Assert.All(_kept, k => Assert.True(k.Bytes > 0));
    }

    [Fact]
    public async Task Flush_WriteWasUnderWayWhenStopped_WritesItAgain()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _faults.Answer(nameof(IJobStore.CheckpointAsync), arguments => HangAsync((CancellationToken)arguments[5]!));
        await using var outbox = Open();
        outbox.Keep(State(3));
        await begun.Task.WaitAsync(Patience.Time);

        await outbox.StopAsync();
        var (answer, writes) = HoldWrites();
        answer.SetResult(true);
        await outbox.FlushAsync(default);

        Assert.Equal([3], writes);

        async Task<bool> HangAsync(CancellationToken stop)
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return true;
        }
    }

    [Fact]
    public async Task Keep_StoreAway_WritesTheLatestWhenItIsBack()
    {
        _faults.Fail(nameof(IJobStore.CheckpointAsync));
        await using var outbox = Open();
        outbox.Keep(State(1));
        await _time.WhenAwaited(TimeSpan.FromMilliseconds(500));
        outbox.Keep(State(2));
        var (answer, writes) = HoldWrites();
        answer.SetResult(true);

        _time.Advance(TimeSpan.FromMilliseconds(500));
        await UntilAsync(() => writes.Count == 1);

        Assert.Equal([2], writes);
        Assert.False(_lost.Task.IsCompleted);
    }

    [Fact]
    public async Task Tell_ManyAtOnce_TellsTheLatestOfEachKindInOrder()
    {
        var told = new List<long>();
        var first = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _faults.Answer(nameof(IJobStore.PublishTransientAsync), arguments =>
        {
            lock (told)
                told.Add(((JobEvent)arguments[2]!).Sequence);
            return first.Task;
        });
        await using var outbox = Open();

        outbox.Tell(Step(1));
        await UntilAsync(() => told.Count == 1);
        outbox.Tell(Step(2));
        outbox.Tell(new GenerateEvent { Preview = new Preview { Index = 0 } });
        outbox.Tell(new GenerateEvent { Preview = new Preview { Index = 1 } });
        outbox.Tell(new GenerateEvent { Preview = new Preview { Index = 0 } });
        outbox.Tell(Step(3));
        first.SetResult(true);
        await UntilAsync(() => told.Count == 4);

        // The first event of the job was the submission's.
        Assert.Equal([2L, 5, 6, 7], told);
        Assert.Equal(3, outbox.Completed);
    }

    [Theory]
    [InlineData(nameof(IJobStore.CheckpointAsync))]
    [InlineData(nameof(IJobStore.PublishTransientAsync))]
    public async Task Write_LeaseLost_TellsTheRun(string method)
    {
        _faults.Answer(method, _ => Task.FromResult(false));
        await using var outbox = Open();

        outbox.Tell(Step(1));
        outbox.Keep(State(1));

        await _lost.Task.WaitAsync(Patience.Time);
        Assert.Empty(_kept);
    }

    private static GenerateEvent Step(uint completed) => new() { Step = new Step { Completed = completed } };

    private static JobCheckpoint State(uint position) => new() { State = new SamplerState { Position = position } };

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience.Time);
        while (!holds())
            await Task.Delay(5, patience.Token);
    }

    private (TaskCompletionSource<bool> Answer, List<int> Writes) HoldWrites()
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var writes = new List<int>();
        _faults.Answer(nameof(IJobStore.CheckpointAsync), arguments =>
        {
            writes.Add((int)arguments[3]!);
            return answer.Task;
        });
        _faults.Answer(nameof(IJobStore.PublishTransientAsync), _ => Task.FromResult(true));
        return (answer, writes);
    }

    private JobOutbox Open(TimeSpan interval = default)
    {
        var claimed = new ClaimedJob
        {
            Id = "job",
            Tenant = "tenant",
            Epoch = 1,
            Spec = default,
            TraceParent = "",
            TraceState = "",
            Deadline = default,
            Submitted = default,
            Started = default,
        };
        return new JobOutbox(_store, claimed, interval, () => _lost.TrySetResult(), (state, bytes) => _kept.Enqueue((state, bytes)), _time);
    }
}
