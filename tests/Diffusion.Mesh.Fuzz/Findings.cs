using System.Collections.Concurrent;

namespace Diffusion.Mesh.Fuzz;

/// <summary>What was found. Of what is alike a few are told.</summary>
internal sealed class Findings(TextWriter output)
{
    private const int ToldOfAKind = 3;

    private readonly ConcurrentDictionary<string, int> _kinds = new();
    private readonly ConcurrentDictionary<string, int> _statuses = new();
    private int _crashes;
    private int _hangs;
    private int _wrong;

    public int Crashes => _crashes;

    public int Hangs => _hangs;

    public int WrongStatuses => _wrong;

    public bool IsClean => _crashes == 0 && _hangs == 0 && _wrong == 0;

    /// <summary>How often each status was answered.</summary>
    public string Statuses => string.Join(' ', _statuses.OrderByDescending(s => s.Value).Select(s => $"{s.Key}={s.Value}"));

    public void Answered(string door, long number, Answer answer)
    {
        _statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
        if (answer.IsWrong)
            Note(ref _wrong, "WRONG", $"{door}: {answer.Status}", $"case {number}: {answer.Text}");
    }

    public void Hung(string door, long number) => Note(ref _hangs, "HANG", door, $"case {number}");

    /// <summary>A good client got something else than before.</summary>
    public void Disturbed(string what) => Note(ref _wrong, "WRONG", "good client", what);

    /// <summary>The target logged an error: its own fault, whatever it answered.</summary>
    public void Logged(string error, string during) => Note(ref _wrong, "LOGGED", error[..Math.Min(error.Length, 200)], $"{during}: {error}");

    public void Crashed(string lastWords, string during) => Note(ref _crashes, "CRASH", "target", $"{during}: {lastWords}");

    private void Note(ref int count, string what, string kind, string text)
    {
        Interlocked.Increment(ref count);
        if (_kinds.AddOrUpdate($"{what} {kind}", 1, (_, known) => known + 1) <= ToldOfAKind)
            output.WriteLine($"{what} {kind}: {text}");
    }
}
