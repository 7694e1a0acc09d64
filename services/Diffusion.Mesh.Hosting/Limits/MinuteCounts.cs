namespace Diffusion.Mesh.Hosting;

/// <summary>Counts what happens within a minute, by whom.</summary>
/// <typeparam name="T">Who; <paramref name="rest"/> stands for those that come when the table is full.</typeparam>
internal sealed class MinuteCounts<T>(T rest, TimeProvider time)
    where T : notnull
{
    // What more come within a minute share one count.
    private const int MaxEntries = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<T, int> _counts = [];
    private DateTimeOffset _began;

    /// <summary>Counts once more, and tells how often it was within the minute.</summary>
    public int Count(T who)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now - _began >= Window)
            {
                _counts.Clear();
                _began = now;
            }

            if (!_counts.ContainsKey(who) && _counts.Count >= MaxEntries)
                who = rest;
            return _counts[who] = _counts.GetValueOrDefault(who) + 1;
        }
    }
}
