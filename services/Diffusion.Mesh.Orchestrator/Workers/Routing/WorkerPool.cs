using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The workers of one role: gives each call a place at one of them, first come first served.</summary>
/// <param name="isFound">Workers are found by name: others may come, so a call waits for one.</param>
internal sealed class WorkerPool(WorkerRole role, bool isFound, RoutingOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<WorkerState> _workers = [];
    // Bounded by the jobs that run.
    private readonly LinkedList<Waiting> _waiting = [];
    private long _turn;

    public WorkerRole Role => role;

    public bool IsFound => isFound;

    /// <summary>The workers that are there, as they are now.</summary>
    public IReadOnlyList<Candidate> Workers
    {
        get
        {
            lock (_lock)
                return [.. _workers.Where(w => w.Leaving is null).Select(w => w.See())];
        }
    }

    public void Add(Worker worker) => Change(() => _workers.Add(new WorkerState(worker, time)));

    /// <summary>Takes a worker out; the task ends when its last call has.</summary>
    public Task RemoveAsync(Worker worker)
    {
        lock (_lock)
        {
            var state = _workers.Find(w => w.Worker == worker)!;
            state.Leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            EndIfLeft(state);
            return state.Leaving.Task;
        }
    }

    /// <summary>Waits for a place.</summary>
    /// <exception cref="ServiceException">Every worker of a list serves, and none has the model.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled, or its deadline passed.</exception>
    public async Task<WorkerPlace> EnterAsync(WorkerCall call)
    {
        call.Cancellation.ThrowIfCancellationRequested();
        var waiting = new Waiting(call);
        Change(() => _waiting.AddLast(waiting));
        using var registration = call.Cancellation.Register(() => GiveUp(waiting));
        return await waiting.Place.Task;
    }

    public void Leave(WorkerPlace place) => Change(() =>
    {
        place.State.Leave(place);
        EndIfLeft(place.State);
    });

    /// <summary>A worker told its load.</summary>
    public void Report(Worker worker, WorkerLoad load) => Change(worker, w => w.Report(load, _turn));

    /// <summary>A worker's load is not known any more.</summary>
    /// <returns>False where that is no news.</returns>
    public bool Forget(Worker worker, Standing standing)
    {
        var news = false;
        Change(worker, w =>
        {
            news = w.Standing != standing;
            w.Forget(standing);
        });
        return news;
    }

    /// <summary>A worker fell silent: its calls are cancelled, so that others do them.</summary>
    public Task FallSilentAsync(Worker worker)
    {
        CancellationTokenSource? lost = null;
        Change(worker, w => lost = w.FallSilent());
        return lost?.CancelAsync() ?? Task.CompletedTask;
    }

    /// <summary>A worker failed: others are preferred for a while.</summary>
    public void Cool(Worker worker) => Change(worker, w => w.Cool(options.CoolDown));

    /// <summary>A worker refused a call for want of room.</summary>
    public void PassOver(Worker worker) => Change(worker, w => w.PassOver());

    private void Change(Worker worker, Action<WorkerState> change) => Change(() =>
    {
        if (_workers.Find(w => w.Worker == worker) is { } state)
            change(state);
    });

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            if (_waiting.Count > 0)
                PlaceWaiting();
        }
    }

    private void PlaceWaiting()
    {
        // Whether there is a place depends on the model alone, so those behind one that finds none have none either.
        HashSet<(string Model, string Revision)> full = [];
        for (var node = _waiting.First; node is not null;)
        {
            var (current, next) = (node, node.Next);
            var call = current.Value.Call;
            if (!full.Contains((call.Model, call.Revision)))
            {
                if (Place(current.Value))
                    _waiting.Remove(current);
                else
                    full.Add((call.Model, call.Revision));
            }

            node = next;
        }
    }

    // False: not yet.
    private bool Place(Waiting waiting)
    {
        var states = _workers.FindAll(w => w.Leaving is null && !(isFound && w.Standing == Standing.Lost));
        var (chosen, isUnknownModel) = Router.Choose(waiting.Call, [.. states.Select(w => w.See())]);
        if (chosen is null && (!isUnknownModel || isFound))
            return false;
        if (chosen is null)
        {
            waiting.Place.SetException(UnknownModel(waiting.Call));
            return true;
        }

        var seconds = CostEstimate.Seconds(waiting.Call, states.Select(w => w.Load).OfType<WorkerLoad>());
        waiting.Place.SetResult(states.Find(w => w.Worker == chosen.Worker)!.Enter(this, waiting.Call, seconds, ++_turn));
        return true;
    }

    private ServiceException UnknownModel(WorkerCall call)
    {
        var addresses = string.Join(", ", _workers.Select(w => w.Worker.Address.Authority));
        return new ServiceException(
            ServiceError.Mismatch, $"No {WorkerCalls.Name(role)} has the model '{call.Model}' in revision {call.Revision}: {addresses}.");
    }

    private void GiveUp(Waiting waiting)
    {
        lock (_lock)
        {
            if (_waiting.Remove(waiting))
                waiting.Place.SetCanceled(waiting.Call.Cancellation);
        }
    }

    private void EndIfLeft(WorkerState state)
    {
        if (state is not { Leaving: { } leaving, IsIdle: true })
            return;
        _workers.Remove(state);
        leaving.TrySetResult();
    }

    private sealed class Waiting(WorkerCall call)
    {
        public WorkerCall Call => call;

        public TaskCompletionSource<WorkerPlace> Place { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
