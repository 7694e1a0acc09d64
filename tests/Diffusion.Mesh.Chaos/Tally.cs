namespace Diffusion.Mesh.Chaos;

/// <summary>What came of everything.</summary>
internal sealed class Tally
{
    private readonly Lock _lock = new();
    private readonly List<string> _problems = [];
    private readonly List<double> _repeated = [];
    private readonly List<double> _detected = [];
    private int _faults;
    private int _accepted;
    private int _finished;
    private int _refused;
    private int _lost;
    private int _wrong;

    public bool IsClean => _lost == 0 && _wrong == 0 && _accepted == _finished && _finished > 0;

    public void Fault() => Interlocked.Increment(ref _faults);

    public void Accepted() => Interlocked.Increment(ref _accepted);

    /// <summary>A request was turned away, as it may be while something is gone.</summary>
    public void Refused() => Interlocked.Increment(ref _refused);

    public void Finished() => Interlocked.Increment(ref _finished);

    public void Lost(string problem) => Note(ref _lost, problem);

    public void Wrong(string problem) => Note(ref _wrong, problem);

    /// <summary>A job went on after so many evaluations less than it had reached.</summary>
    public void Repeated(double steps)
    {
        lock (_lock)
            _repeated.Add(steps);
    }

    /// <summary>Seconds from a fault to the next sign of life of a job that was hit.</summary>
    public void Detected(double seconds)
    {
        lock (_lock)
            _detected.Add(seconds);
    }

    public string Result()
    {
        lock (_lock)
        {
            var detected = _detected.Order().ToArray();
            var p95 = detected.Length == 0 ? 0 : detected[(int)Math.Ceiling(0.95 * detected.Length) - 1];
            return FormattableString.Invariant(
                $"RESULT name=chaos faults={_faults} accepted={_accepted} finished={_finished} lost={_lost} wrong={_wrong} ")
                + FormattableString.Invariant($"repeated_steps_mean={(_repeated.Count == 0 ? 0 : _repeated.Average()):0.##} detect_s_p95={p95:0.##}");
        }
    }

    /// <summary>In words, each on a line.</summary>
    public IEnumerable<string> Problems()
    {
        lock (_lock)
            return [.. _problems];
    }

    private void Note(ref int count, string problem)
    {
        lock (_lock)
        {
            count++;
            _problems.Add(problem);
        }
    }
}
