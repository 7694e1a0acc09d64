using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a pool knows of one worker. Touched under the pool's lock only.</summary>
internal sealed class WorkerState(Worker worker, TimeProvider time)
{
    // A report that comes right behind a call was made before the call came in.
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(150);

    private readonly HashSet<WorkerPlace> _places = [];
    private Standing _standing;
    private WorkerLoad? _load;
    // The pool's turn when it was reported: calls of later turns are not in it.
    private long _reportTurn;
    private DateTimeOffset _coolUntil;
    private bool _passedOver;
    private int _left;
    private long _lastChosen;

    public Worker Worker => worker;

    public WorkerLoad? Load => _load;

    public Standing Standing => _standing;

    /// <summary>Cancelled when the worker falls silent.</summary>
    public CancellationTokenSource Lost { get; private set; } = new();

    /// <summary>Done when it is gone from the pool and its last call has ended; null while it is there.</summary>
    public TaskCompletionSource? Leaving { get; set; }

    public bool IsIdle => _places.Count == 0;

    public WorkerPlace Enter(WorkerPool pool, WorkerCall call, double seconds, long turn)
    {
        var place = new WorkerPlace(pool, this, call, seconds, turn, time.GetTimestamp());
        _places.Add(place);
        _lastChosen = turn;
        return place;
    }

    public void Leave(WorkerPlace place)
    {
        // Its place is free although the last report counts it.
        if (_places.Remove(place) && place.Turn <= _reportTurn)
            _left++;
    }

    public void Report(WorkerLoad load, long turn)
    {
        // One that comes back is as good as new.
        if (_standing != Standing.Live)
            _coolUntil = default;
        (_standing, _load, _reportTurn, _left, _passedOver) = (Standing.Live, load, turn, 0, false);
    }

    /// <summary>Its load is not known any more.</summary>
    public void Forget(Standing standing) => (_standing, _load, _passedOver) = (standing, null, false);

    /// <summary>Ends its calls: the result is to be cancelled outside the lock.</summary>
    public CancellationTokenSource FallSilent()
    {
        Forget(Standing.Lost);
        var lost = Lost;
        Lost = new CancellationTokenSource();
        return lost;
    }

    public void Cool(TimeSpan duration) => _coolUntil = time.GetUtcNow() + duration;

    /// <summary>It refused a call: nothing is sent to it until it reports again.</summary>
    public void PassOver() => _passedOver = _standing == Standing.Live;

    public Candidate See()
    {
        var unseen = _places.Where(p => _load is null || p.Turn > _reportTurn).ToArray();
        var uncounted = _places.Where(p => _load is null || p.Turn > _reportTurn || time.GetElapsedTime(p.Entered) < s_settle).ToArray();
        return new Candidate(
            worker,
            _standing,
            _load,
            time.GetUtcNow() < _coolUntil,
            _passedOver,
            Math.Max(0, (int)(_load?.Admitted ?? 0) - _left) + unseen.Length,
            (_load?.QueuedSeconds ?? 0) + uncounted.Sum(p => p.Seconds),
            [.. uncounted.Where(p => p.Call.Work is not null).Select(p => (p.Call.Model, p.Call.Work!))],
            _lastChosen);
    }
}
