using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Diffusion.Mesh.Chaos;

/// <summary>
/// Hears from the UNet workers at which evaluation they begin a job. A job that begins again repeats what its client was told of beyond that: clients are told of no
/// evaluation twice.
/// </summary>
internal sealed partial class Beginnings(Tally tally)
{
    private readonly ConcurrentDictionary<string, Progress> _jobs = new();
    private readonly ConcurrentDictionary<string, bool> _begun = new();

    /// <summary>A client follows a job.</summary>
    public void Add(string job, Progress progress) => _jobs[job] = progress;

    /// <summary>A worker says something.</summary>
    public void Hear(string line)
    {
        if (Begins().Match(line) is not { Success: true } match)
            return;
        var (job, position) = (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        if (!_begun.TryAdd(job, true) && _jobs.TryGetValue(job, out var progress))
            tally.Repeated(Math.Max(0, (int)progress.Completed - position));
    }

    [GeneratedRegex("Job ([0-9a-f]+) begins at evaluation ([0-9]+) of")]
    private static partial Regex Begins();
}
