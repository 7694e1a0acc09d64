using Diffusion.Mesh.Import;

namespace Diffusion.Mesh.Cli;

/// <summary>Shows an import's evidence, and its progress on a terminal.</summary>
internal sealed class ImportProgress(TextWriter output, TextWriter error) : IImportObserver
{
    private const int Width = 30;

    private readonly bool _visible = !Console.IsErrorRedirected;
    private string _line = "";

    public void Recognized(IReadOnlyList<string> evidence)
    {
        foreach (var line in evidence)
            output.WriteLine(line);
    }

    public void Progress(double done)
    {
        var filled = (int)(Width * done);
        var line = $"[{new string('#', filled)}{new string('.', Width - filled)}] {(int)(100 * done)} %";
        if (!_visible || line == _line)
            return;
        _line = line;
        error.Write($"\r{line}");
    }

    /// <summary>Makes the line empty again.</summary>
    public void Clear()
    {
        if (_line.Length > 0)
            error.Write($"\r{new string(' ', _line.Length)}\r");
        _line = "";
    }
}
