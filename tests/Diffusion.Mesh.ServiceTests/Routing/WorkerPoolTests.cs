using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Worker = Diffusion.Mesh.Orchestrator.Worker;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Who gets a place and when.</summary>
public sealed class WorkerPoolTests : IDisposable
{
    private readonly ServiceTelemetry _telemetry = new("Diffusion.Mesh.Orchestrator");
    private readonly List<Worker> _workers = [];
    private readonly ManualTime _time = new();

    [Fact]
    public async Task EnterAsync_AllFull_WaitsForAPlaceFirstComeFirstServed()
    {
        var pool = Pool();
        var worker = Add(pool);
        pool.Report(worker, Load(capacity: 1));
        var held = await pool.EnterAsync(Call());
        var first = pool.EnterAsync(Call());
        var second = pool.EnterAsync(Call());

        var waited = !first.IsCompleted;
        held.Dispose();
        var next = await first.WaitAsync(Patience.Time);

        Assert.True(waited);
        Assert.False(second.IsCompleted);
        next.Dispose();
        Assert.Equal(worker, (await second.WaitAsync(Patience.Time)).Worker);
    }

    [Fact]
    public async Task EnterAsync_AllFull_AReportOfRoomIsEnough()
    {
        var pool = Pool();
        var worker = Add(pool);
        // Another orchestrator's calls.
        pool.Report(worker, Load(admitted: 1, capacity: 1));
        var waiting = pool.EnterAsync(Call());

        var waited = !waiting.IsCompleted;
        pool.Report(worker, Load(capacity: 1));

        Assert.True(waited);
        Assert.Equal(worker, (await waiting.WaitAsync(Patience.Time)).Worker);
    }

    [Fact]
    public async Task EnterAsync_CallThatWaitsIsCancelled_LeavesItsTurnToTheNext()
    {
        var pool = Pool();
        pool.Report(Add(pool), Load(capacity: 1));
        var held = await pool.EnterAsync(Call());
        using var cancelled = new CancellationTokenSource();
        var first = pool.EnterAsync(Call(cancellation: cancelled.Token));
        var second = pool.EnterAsync(Call());

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience.Time));
        held.Dispose();

        Assert.NotNull(await second.WaitAsync(Patience.Time));
    }

    [Fact]
    public async Task EnterAsync_OneModelsWorkersAreFull_AnotherModelsCallOvertakes()
    {
        var pool = Pool();
        pool.Report(Add(pool), Load(admitted: 1, capacity: 1));
        var other = Add(pool);
        pool.Report(other, Load(change: l => l.Models[0].Name = "other"));

        var waiting = pool.EnterAsync(Call());
        var overtaking = pool.EnterAsync(Call("other"));

        Assert.Equal(other, (await overtaking.WaitAsync(Patience.Time)).Worker);
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task EnterAsync_NamesFindNobody_WaitsForTheFirstWorker()
    {
        var pool = Pool(isFound: true);
        var waiting = pool.EnterAsync(Call());

        var waited = !waiting.IsCompleted;
        var worker = Add(pool);

        Assert.True(waited);
        Assert.Equal(worker, (await waiting.WaitAsync(Patience.Time)).Worker);
    }

    [Fact]
    public async Task EnterAsync_FoundByNameButLost_WaitsUntilItIsHeardAgain()
    {
        var pool = Pool(isFound: true);
        var worker = Add(pool);
        pool.Forget(worker, Standing.Lost);
        var waiting = pool.EnterAsync(Call());

        var waited = !waiting.IsCompleted;
        pool.Report(worker, Load());

        Assert.True(waited);
        Assert.Equal(worker, (await waiting.WaitAsync(Patience.Time)).Worker);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EnterAsync_NobodyHasTheModel_FailsInAListAndWaitsWhereOthersMayCome(bool isFound)
    {
        var pool = Pool(isFound);
        pool.Report(Add(pool), Load());

        var entering = pool.EnterAsync(Call("another"));

        if (isFound)
        {
            Assert.False(entering.IsCompleted);
            return;
        }

        var error = await Assert.ThrowsAsync<ServiceException>(() => entering);
        Assert.Equal(ServiceError.Mismatch, error.Error);
        Assert.Contains("another", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnterAsync_WorkerRefusedForWantOfRoom_WaitsForItsNextReport()
    {
        var pool = Pool();
        var worker = Add(pool);
        pool.Report(worker, Load());
        pool.PassOver(worker);
        var waiting = pool.EnterAsync(Call());

        var waited = !waiting.IsCompleted;
        pool.Report(worker, Load());

        Assert.True(waited);
        Assert.NotNull(await waiting.WaitAsync(Patience.Time));
    }

    [Fact]
    public async Task EnterAsync_WorkerFailed_OthersArePreferredForAWhile()
    {
        var pool = Pool();
        var (failed, other) = (Add(pool), Add(pool));
        pool.Report(failed, Load());
        pool.Report(other, Load(seconds: 5));
        pool.Cool(failed);

        using var during = await pool.EnterAsync(Call());
        _time.Advance(new RoutingOptions().CoolDown);
        using var after = await pool.EnterAsync(Call());

        Assert.Equal((other, failed), (during.Worker, after.Worker));
    }

    [Fact]
    public async Task EnterAsync_ManyAtOnce_AreSpreadBeforeAnyReport()
    {
        var pool = Pool();
        Worker[] workers = [Add(pool), Add(pool), Add(pool), Add(pool)];
        foreach (var worker in workers)
            pool.Report(worker, Load());

        var places = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pool.EnterAsync(Call())));

        Assert.All(workers, w => Assert.Equal(5, places.Count(p => p.Worker == w)));
    }

    [Fact]
    public async Task EnterAsync_ReportMadeBeforeTheCallCameIn_TheCallCountsOn()
    {
        var pool = Pool();
        var (one, two) = (Add(pool), Add(pool));
        pool.Report(one, Load());
        pool.Report(two, Load());
        using var first = await pool.EnterAsync(Call());

        // It comes a moment later and cannot know of the call yet.
        _time.Advance(TimeSpan.FromMilliseconds(1));
        pool.Report(first.Worker, Load());
        using var second = await pool.EnterAsync(Call());

        Assert.NotEqual(first.Worker, second.Worker);
    }

    [Fact]
    public async Task FallSilent_CallsInWork_AreCancelledAndNewOnesAreNot()
    {
        var pool = Pool();
        var worker = Add(pool);
        pool.Report(worker, Load());
        using var before = await pool.EnterAsync(Call());

        await pool.FallSilentAsync(worker);
        using var after = await pool.EnterAsync(Call());

        Assert.True(before.Lost.IsCancellationRequested);
        Assert.False(after.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task RemoveAsync_CallInWork_EndsAfterItAndNothingNewIsSent()
    {
        var pool = Pool(isFound: true);
        var worker = Add(pool);
        pool.Report(worker, Load());
        var place = await pool.EnterAsync(Call());

        var removed = pool.RemoveAsync(worker);
        var later = pool.EnterAsync(Call());

        Assert.False(removed.IsCompleted);
        Assert.False(later.IsCompleted);
        // It is still listened to: it may fall silent with the call.
        await pool.FallSilentAsync(worker);
        Assert.True(place.Lost.IsCancellationRequested);
        place.Dispose();
        await removed.WaitAsync(Patience.Time);
        Assert.Empty(pool.Workers);
    }

    public void Dispose()
    {
        _workers.ForEach(w => w.Dispose());
        _telemetry.Dispose();
    }

    private static WorkerCall Call(string model = Shapes.Name, CancellationToken cancellation = default) =>
        new(WorkerRole.Vae, "job", model, Shapes.Facts.Revision, DateTimeOffset.MaxValue, cancellation);

    private static WorkerLoad Load(uint admitted = 0, uint capacity = 64, double seconds = 0, Action<WorkerLoad>? change = null)
    {
        var load = FakeLoad.Idle();
        (load.Admitted, load.Capacity, load.QueuedSeconds) = (admitted, capacity, seconds);
        change?.Invoke(load);
        return load;
    }

    private WorkerPool Pool(bool isFound = false) => new(WorkerRole.Vae, isFound, new RoutingOptions(), _time);

    private Worker Add(WorkerPool pool)
    {
        _workers.Add(NamedWorker.Of(WorkerRole.Vae, new Uri($"http://127.0.0.1:{_workers.Count + 1}"), _telemetry));
        pool.Add(_workers[^1]);
        return _workers[^1];
    }
}
