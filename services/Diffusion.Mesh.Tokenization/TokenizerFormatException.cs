namespace Diffusion.Mesh.Tokenization;

/// <summary>A tokenizer folder that cannot be used: a file is missing, broken, or does not fit the others.</summary>
public sealed class TokenizerFormatException(string file, string problem, Exception? innerException = null)
    : Exception($"{file}: {problem}", innerException)
{
    /// <summary>The path of the file at fault.</summary>
    public string File { get; } = file;

    /// <summary>What is wrong with it, without its path.</summary>
    public string Problem { get; } = problem;
}
