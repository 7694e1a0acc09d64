using System.Globalization;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary>Shows a job's progress on a terminal, and nothing where there is none.</summary>
internal sealed class ProgressBar(TextWriter error)
{
    private const int Width = 30;

    private readonly bool _visible = !Console.IsErrorRedirected;
    private readonly List<string> _warnings = [];
    private Queued _queued = new();
    private string _line = "";

    /// <summary>One line about the finished job, after its warnings.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Takes the next event of the job.</summary>
    public void Show(GenerateEvent next)
    {
        switch (next.EventCase)
        {
            case GenerateEvent.EventOneofCase.Queued:
                _queued = next.Queued;
                break;
            case GenerateEvent.EventOneofCase.Step:
                Draw(next.Step);
                break;
            case GenerateEvent.EventOneofCase.Done:
                _warnings.AddRange(next.Done.Warnings.Select(w => $"warning: {w}"));
                Summary = string.Join(Environment.NewLine, [.. _warnings, Line(next.Done)]);
                break;
        }
    }

    /// <summary>Makes the line empty again.</summary>
    public void Clear()
    {
        if (_line.Length > 0)
            error.Write($"\r{new string(' ', _line.Length)}\r");
        _line = "";
    }

    private void Draw(Step step)
    {
        if (!_visible)
            return;
        var filled = (int)(Width * step.Completed / step.Evaluations);
        _line = $"[{new string('#', filled)}{new string('.', Width - filled)}] {step.Completed}/{step.Evaluations}";
        error.Write($"\r{_line}");
    }

    private string Line(Done done) => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {_queued.Seed}, {done.TotalSeconds:0.00} s, {_queued.Evaluations / Math.Max(done.DenoiseSeconds, 1e-6):0.0} steps/s");
}
